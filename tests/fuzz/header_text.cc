// net/header_text: what may be sent as a header; base/text: text that is trimmed and put into lower case. The input is
// "name=value".
#include "net/header_text.h"

#include <algorithm>

#include "base/text.h"
#include "fuzz.h"

using namespace calint;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const std::string_view name = input.substr(0, input.find('='));
  const std::string_view value = input.substr(std::min(name.size() + 1, input.size()));
  if (is_field(name, value)) {
    const std::string line = std::string(name) + ": " + std::string(value);
    MUST(std::none_of(line.begin(), line.end(), is_control));
    MUST(line.find(':') == name.size() && !name.empty() && !value.empty());
  }
  MUST(!is_bearer_token(input) || (is_field("authorization", input) && input.find(' ') == std::string_view::npos));

  const std::string_view inner = trimmed(input);
  MUST(inner == trimmed(inner) && input.find(inner) != std::string_view::npos);
  const std::string lower = lower_case(input);
  MUST(lower.size() == input.size() && lower == lower_case(lower));
  return 0;
}
