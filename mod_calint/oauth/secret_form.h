// Forms with secrets in them.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"

namespace calint::oauth {

// application/x-www-form-urlencoded (RFC 6749, appendix B), in order. No value is copied anywhere but into the
// result. Blanks become %20, which every decoder reads.
Secret secret_form(const std::vector<std::pair<std::string_view, std::string_view>>& fields);

}  // namespace calint::oauth
