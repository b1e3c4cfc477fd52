// The authorization request (RFC 6749, 4.1.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"

namespace calint::oauth {

// `endpoint` with the parameters in its query, which it may already have (RFC 6749, 3.1). Pure.
std::string authorize_url(std::string_view endpoint, const std::vector<FormField>& parameters);

}  // namespace calint::oauth
