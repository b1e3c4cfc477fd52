// JSON Web Tokens (RFC 7519) whose signature nobody checks.
#pragma once

#include <string>
#include <string_view>

#include "base/encoding.h"

namespace calint::test {

inline std::string jwt(std::string_view claims) {
  return base64url_encode(R"({"alg":"RS256","typ":"JWT"})") + "." + base64url_encode(claims) + "." +
         base64url_encode("signature");
}

}  // namespace calint::test
