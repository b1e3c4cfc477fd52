#include "fuzz.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/json.h"
#include "net/answer.h"

namespace calint::fuzz {

void fail(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  std::abort();
}

const crypto::Keyset& keyset() {
  static const crypto::Keyset keys = crypto::Keyset::parse(R"({"version": 1,
    "index_key": "aW5kZXggaW5kZXggaW5kZXggaW5kZXggaW5kZXggaW4",
    "keys": [{"id": "0a1b2c3d", "status": "primary", "created_at": "2026-11-25T07:30:00Z",
              "key": "cHJpbWFyeSBwcmltYXJ5IHByaW1hcnkgcHJpbWFyeSE"},
             {"id": "00000001", "status": "disabled", "created_at": "2026-01-01T00:00:00Z",
              "key": "ZGlzYWJsZWQgZGlzYWJsZWQgZGlzYWJsZWQgZGlzYWI"}]})").value();
  return keys;
}

HttpResponse answer_of(std::string_view text) {
  Answer answer(1 << 20);
  int status = 200;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty() || line == "\r") break;
    if (line.starts_with("HTTP/") && line.size() >= 12) status = std::atoi(std::string(line.substr(9, 3)).c_str());
    answer.add_header_line(line);
  }
  answer.add_body(text);
  return answer.take(status);
}

std::string with_other_secret(std::string_view input) {
  constexpr std::string_view kSecret = "s3cret-A";
  std::string changed(input);
  for (size_t at = changed.find(kSecret); at != std::string::npos; at = changed.find(kSecret, at))
    changed[at + kSecret.size() - 1] = 'B';
  return changed;
}

bool same_words(const Error& a, const Error& b) {
  return a.fault == b.fault && a.what == b.what && a.code == b.code && a.retry_after == b.retry_after;
}

bool fit_to_log(const Error& error) {
  const auto is_printable = [](char c) { return c >= 0x20 && c < 0x7f; };
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !error.what.empty() && error.what.size() <= 300 && error.code.size() <= 64 &&
         std::all_of(error.what.begin(), error.what.end(), is_printable) &&
         std::all_of(error.code.begin(), error.code.end(), is_word) &&
         error.retry_after >= std::chrono::seconds(0) && error.retry_after <= std::chrono::hours(24);
}

bool is_clean_text(std::string_view text, size_t max_bytes) {
  const Json judged(json_stringn(text.data(), text.size()));  // nullptr for what isn't valid UTF-8
  const auto is_control = [](char c) { return c >= 0 && c < 0x20; };
  return judged != nullptr && text.size() <= max_bytes && std::none_of(text.begin(), text.end(), is_control);
}

}  // namespace calint::fuzz
