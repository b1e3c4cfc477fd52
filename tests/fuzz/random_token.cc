// crypto/random: the session's binding as a cookie brings it back.
#include "crypto/random.h"

#include "base/encoding.h"
#include "fuzz.h"

using namespace calint;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (crypto::is_random_token(input, 32)) {
    constexpr std::string_view kBase64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    MUST(input.size() == 43 && input.find_first_not_of(kBase64url) == std::string_view::npos);
    MUST(base64url_decode(input)->size() == 32);
    MUST(!crypto::is_random_token(input, 31) && !crypto::is_random_token(input, 33));
  }
  MUST(crypto::is_random_token(base64url_encode(input), size));
  return 0;
}
