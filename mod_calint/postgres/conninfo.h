// Takes a libpq connection string apart, so that each host gets its own share of a deadline.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace calint::postgres {

// libpq's keywords and values for one try to connect. May hold a password.
using ConnectSettings = std::map<std::string, std::string>;

// The tries in order: one for each host that `conninfo` (keyword/value pairs or a URI) lists, with
// target_session_attrs kept; prefer-standby becomes two passes, as in libpq. Each has client_encoding UTF8 and,
// as a fallback, application_name mod_calint; nothing that PgBouncer refuses at start. operator_fault, without
// a word of the string (it may hold a password), where libpq can't read it. Pure.
Result<std::vector<ConnectSettings>> connect_tries(const std::string& conninfo);

// connect_timeout, where there is a positive one: at least 2 s, as in libpq.
std::optional<std::chrono::seconds> connect_timeout(const ConnectSettings& settings);

}  // namespace calint::postgres
