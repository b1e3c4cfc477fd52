// What a user types to connect an Apple Account (providers.md, 4.2). Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace calint::apple {

// The Apple Account's e-mail address or phone number without blanks around it, its ASCII letters in lower case: the
// same account has one spelling. bad_input where it is empty (Detail::missing), longer than 254 bytes (too_long), isn't
// UTF-8, or has a ':' or a control byte, which Basic authentication can't carry (RFC 7617, 2).
Result<std::string> normalised_account(std::string_view typed);

// The app-specific password without blanks around it. Sixteen letters, with or without hyphens between groups of
// four, become what Apple shows: lower case, with hyphens. Apple doesn't document that form, so anything else stays as
// typed. bad_input where it is empty (Detail::missing), longer than 128 bytes (too_long), or has a control byte.
Result<Secret> normalised_password(std::string_view typed);

}  // namespace calint::apple
