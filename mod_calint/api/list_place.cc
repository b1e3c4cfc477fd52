#include "api/list_place.h"

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"

namespace calint::api {
namespace {

constexpr Instant kLatest{std::chrono::seconds(253402300799)};  // the end of 9999

std::optional<ListPlace> parse(std::string_view text, bool (*is_id)(std::string_view)) {
  const auto plain = base64url_decode(text);
  if (!plain) return std::nullopt;
  int64_t start = 0;
  const char* end = plain->data() + plain->size();
  const auto [rest, failed] = std::from_chars(plain->data(), end, start);
  const Instant at{std::chrono::microseconds(start)};
  if (failed != std::errc() || rest == end || *rest != '/' || at < ListPlace().start || at > kLatest)
    return std::nullopt;
  ListPlace place{.start = at, .id = std::string(rest + 1, end)};
  return is_id(place.id) ? std::optional(std::move(place)) : std::nullopt;
}

}  // namespace

ListPlace list_place(Query& query, bool (*is_id)(std::string_view)) {
  const auto cursor = query.text("cursor");
  if (!cursor) return {};
  auto place = parse(*cursor, is_id);
  if (!place) query.problems().add("/cursor", "is none that came as next");
  return place.value_or(ListPlace());
}

std::string list_cursor(Instant start, std::string_view id) {
  return base64url_encode(fmt::format("{}/{}", start.time_since_epoch().count(), id));
}

}  // namespace calint::api
