// What PostgreSQL refused, as an Error.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

struct pg_result;

namespace calint::postgres {

// The reaction that a SQLSTATE asks for, as connection.h lists them. Pure.
Fault fault_of(std::string_view sqlstate);

// True where the server ended the session with this error (FATAL or PANIC).
bool ends_session(const pg_result* result);

// Whether the statement had parameters: then the server's text is left out where it may quote their values.
enum class Quoting { may_hold_values, holds_no_values };

// `result` is an error. code is its SQLSTATE, or empty where libpq made it up (connection lost).
Error error_of(const pg_result* result, Quoting quoting);

// libpq's text, which may have several lines, as one.
std::string one_line(std::string_view text);

}  // namespace calint::postgres
