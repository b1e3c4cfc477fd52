// Which hosts an account's password may go to. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/url.h"

namespace calint::caldav {

// `target` is at the origin of `entry`, or at a host that a pattern names ("example.com", or "*.example.com" for all
// below it), whatever the port. HTTPS only; where `entry` itself is plain HTTP on this machine, so may `target` be.
bool may_get_password(const Url& target, const Url& entry, const std::vector<std::string>& patterns);

}  // namespace calint::caldav
