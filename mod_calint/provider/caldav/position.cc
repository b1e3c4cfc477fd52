#include "provider/caldav/position.h"

#include <utility>

namespace calint::caldav {
namespace {

constexpr std::string_view kToken = "token ", kUnlimited = "token-without-limit ", kCtag = "ctag ", kNone = "none";

}  // namespace

std::string Position::text() const {
  switch (by) {
    case By::token: return std::string(is_unlimited ? kUnlimited : kToken) + value;
    case By::ctag: return std::string(kCtag) + value;
    case By::none: break;
  }
  return std::string(kNone);
}

Result<Position> parse_position(std::string_view text) {
  if (text == kNone) return Position{};
  constexpr std::pair<std::string_view, Position::By> kPrefixes[] = {
      {kToken, Position::By::token}, {kUnlimited, Position::By::token}, {kCtag, Position::By::ctag}};
  for (const auto& [prefix, by] : kPrefixes)
    if (text.starts_with(prefix))
      return Position{
          .by = by, .value = std::string(text.substr(prefix.size())), .is_unlimited = prefix == kUnlimited};
  return Error{.fault = Fault::corrupt, .what = "a kept cursor of CalDAV can't be read"};
}

}  // namespace calint::caldav
