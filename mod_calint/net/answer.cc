#include "net/answer.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace calint {
namespace {

constexpr size_t kFirstCapacity = 4096;

}  // namespace

bool Answer::add_header_line(std::string_view line) {
  if (too_long_) return false;
  header_bytes_ += line.size();
  too_long_ = header_bytes_ > kMaxHeaderBytes;
  if (too_long_) return false;
  if (line.starts_with("HTTP/")) {
    headers_.clear();
    const std::string_view rest = trimmed(line.substr(std::min(line.find(' '), line.size())));
    if (std::from_chars(rest.data(), rest.data() + rest.size(), status_).ec != std::errc()) status_ = 0;
    return true;
  }
  const auto colon = line.find(':');
  if (colon != std::string_view::npos)
    headers_.emplace_back(lower_case(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1))));
  return true;
}

bool Answer::add_body(std::string_view piece) {
  if (too_long_) return false;
  too_long_ = piece.size() > max_body_bytes_ - body_bytes_;
  if (too_long_) {
    wipe(body_);
    body_bytes_ = 0;
    return false;
  }
  body_bytes_ += piece.size();
  if (taker_ != nullptr && taker_->take && taker_->status == status_) return taker_->take(piece);
  grow(body_.size() + piece.size());
  body_.append(piece);
  return true;
}

// std::string would free its old buffer without wiping it.
void Answer::grow(size_t size) {
  if (size <= body_.capacity()) return;
  std::string larger;
  larger.reserve(std::max({size, body_.capacity() * 2, kFirstCapacity}));
  larger.append(body_);
  wipe(body_);
  body_ = std::move(larger);
}

HttpResponse Answer::take(int status) {
  return HttpResponse{.status = status, .headers = std::move(headers_), .body = Secret(std::move(body_))};
}

}  // namespace calint
