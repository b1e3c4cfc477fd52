// What the targets share. A target feeds bytes to one parser and asserts what must hold of anything it accepts and of
// anything it refuses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "crypto/keyset.h"
#include "net/transport.h"

// libFuzzer's entry; replay.cc calls it too. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

// Ends the program where the condition doesn't hold: the input that did it is kept.
#define MUST(condition) \
  if (!(condition)) calint::fuzz::fail(__FILE__, __LINE__, #condition)

namespace calint::fuzz {

[[noreturn]] void fail(const char* file, int line, const char* condition);

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// 2026-11-25T09:00:00Z.
inline constexpr Instant kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + std::chrono::hours(9);

// Always the same keys, so that a corpus may hold what they sealed.
const crypto::Keyset& keyset();

// Text such as "HTTP/1.1 200 OK", header lines, an empty line and a body, as libcurl would hand it over. Lines end
// with LF or CR LF.
HttpResponse answer_of(std::string_view text);

// The secret in corpora is the text "s3cret-A". The same input with another secret of the same form must be refused
// with the same words: then no part of a secret can be in them.
std::string with_other_secret(std::string_view input);
bool same_words(const Error& a, const Error& b);

// One line of printable ASCII of a sensible size; `code` is a word.
bool fit_to_log(const Error& error);

// Valid UTF-8 without C0 controls, at most `max_bytes`; judged by jansson.
bool is_clean_text(std::string_view text, size_t max_bytes);

}  // namespace calint::fuzz
