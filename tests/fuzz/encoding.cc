// base/encoding: base64url, hexadecimal and percent escapes.
#include "base/encoding.h"

#include "fuzz.h"

using namespace calint;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  MUST(base64url_decode(base64url_encode(input)) == input);
  MUST(hex_decode(hex_encode(input)) == input);
  MUST(percent_decode(percent_encode(input)) == input);
  MUST(percent_decode(percent_encode(input), true) == input);

  // One value has one spelling.
  if (const auto bytes = base64url_decode(input)) MUST(base64url_encode(*bytes) == input);
  if (const auto bytes = hex_decode(input)) MUST(bytes->size() * 2 == size);
  const auto plain = percent_decode(input);
  MUST(plain.has_value() == percent_decode(input, true).has_value());
  MUST(!plain || (plain->size() <= size && (input.find('%') != std::string_view::npos || *plain == input)));
  return 0;
}
