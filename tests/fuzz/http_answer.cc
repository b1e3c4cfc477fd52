// net/answer and HttpResponse: header lines and pieces of a body as libcurl hands them over.
#include "net/answer.h"

#include <algorithm>

#include "base/text.h"
#include "fuzz.h"

using namespace calint;

namespace {

constexpr size_t kMaxBody = 100;

// False once the answer is too long. Lines up to an empty one are headers; of what follows each line is a piece.
bool feed(Answer& answer, std::string_view text) {
  bool in_head = true;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (in_head && (line.empty() || line == "\r")) {
      in_head = false;
      continue;
    }
    if (!(in_head ? answer.add_header_line(line) : answer.add_body(line))) return false;
    MUST(!answer.too_long() && answer.body_size() <= kMaxBody);
  }
  return true;
}

void check(const HttpResponse& response) {
  size_t header_bytes = 0;
  for (const auto& [name, value] : response.headers) {
    MUST(name == lower_case(name) && name == trimmed(name) && value == trimmed(value));
    MUST(name.find(':') == std::string::npos);
    MUST(!response.header(name).empty() || value.empty() || name.empty() || response.header(name) != value);
    header_bytes += name.size() + value.size();
  }
  MUST(header_bytes <= kMaxHeaderBytes && response.body.size() <= kMaxBody);
  const auto wait = response.retry_after(fuzz::kNow);
  MUST(wait >= std::chrono::seconds(0) && wait <= std::chrono::hours(24));
  const std::string type = response.media_type();
  MUST(type.find(';') == std::string::npos && type == lower_case(trimmed(type)));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Answer answer(kMaxBody);
  if (!feed(answer, fuzz::text_of(data, size))) {
    MUST(answer.too_long() && answer.body_size() <= kMaxBody);
    MUST(!answer.add_header_line("a: b") && !answer.add_body("x"));
  }
  check(answer.take(200));
  return 0;
}
