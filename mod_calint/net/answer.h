// What arrives of one HTTP answer, bounded while it arrives.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "net/transport.h"

namespace calint {

inline constexpr size_t kMaxHeaderBytes = 65536;  // all header lines of one answer together

// Fed by libcurl with header lines and pieces of the (decompressed) body. One exchange, one thread.
class Answer {
 public:
  // `taker` outlives it; nullptr: there is none.
  explicit Answer(size_t max_body_bytes, const BodyTaker* taker = nullptr)
      : max_body_bytes_(max_body_bytes), taker_(taker) {}
  ~Answer() { wipe(body_); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  // Both return false once a bound is crossed; nothing more is kept then.
  // add_body() also where the body is taken elsewhere and nobody wants more of it.
  // A status line begins the headers anew: an interim answer (RFC 9110, 15.2) comes before the real one.
  bool add_header_line(std::string_view line);
  bool add_body(std::string_view piece);

  bool too_long() const { return too_long_; }
  size_t body_size() const { return body_bytes_; }

  // Hands everything over and leaves this empty.
  HttpResponse take(int status);

 private:
  void grow(size_t size);

  size_t max_body_bytes_;
  const BodyTaker* taker_;
  int status_ = 0;
  size_t header_bytes_ = 0;
  size_t body_bytes_ = 0;
  bool too_long_ = false;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string body_;
};

}  // namespace calint
