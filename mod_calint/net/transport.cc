#include "net/transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace calint {
namespace {

constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (known == name) return value;
  return {};
}

bool HttpResponse::says(std::string_view name, std::string_view part) const {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
    return header.first == name && lower_case(header.second).find(part) != std::string::npos;
  });
}

std::chrono::seconds HttpResponse::retry_after(Instant now) const {
  const std::string value(trimmed(header("retry-after")));
  std::chrono::seconds wait{0};
  if (all_digits(value)) {
    int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    wait = error == std::errc() ? std::chrono::seconds(seconds) : kLongestWait;
  } else if (const time_t date = curl_getdate(value.c_str(), nullptr); date >= 0) {
    wait = std::chrono::sys_seconds(std::chrono::seconds(date)) - std::chrono::floor<std::chrono::seconds>(now);
  }
  return std::clamp(wait, std::chrono::seconds(0), kLongestWait);
}

std::optional<Instant> HttpResponse::date() const {
  const time_t date = curl_getdate(std::string(header("date")).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return Instant(std::chrono::seconds(date));
}

std::string HttpResponse::media_type() const {
  const std::string_view value = header("content-type");
  return lower_case(trimmed(value.substr(0, value.find(';'))));
}

}  // namespace calint
