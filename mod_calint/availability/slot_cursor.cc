#include "availability/slot_cursor.h"

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"

namespace calint::availability {
namespace {

char letter(Order order) { return order == Order::best ? 'b' : 't'; }

}  // namespace

std::string SlotCursor::text(Order order) const {
  return base64url_encode(fmt::format("{} {} {} {} {}", letter(order), now.time_since_epoch().count(), last.kind,
                                      last.load, last.start.time_since_epoch().count()));
}

std::optional<SlotCursor> SlotCursor::parse(std::string_view text, Order order) {
  // Years 1 to 9998, as a request's times.
  constexpr int64_t kEarliest = -62'135'596'800, kLatest = 253'370'764'800;
  const auto plain = base64url_decode(text);
  if (!plain || plain->empty() || plain->front() != letter(order)) return std::nullopt;
  std::array<int64_t, 4> numbers{};
  const char* at = plain->data() + 1;
  const char* const end = plain->data() + plain->size();
  for (int64_t& number : numbers) {
    if (at == end || *at != ' ') return std::nullopt;
    const auto [after, error] = std::from_chars(at + 1, end, number);
    if (error != std::errc()) return std::nullopt;
    at = after;
  }
  const auto is_time = [](int64_t number) { return number >= kEarliest && number < kLatest; };
  if (at != end || !is_time(numbers[0]) || !is_time(numbers[3])) return std::nullopt;
  if (numbers[1] < 0 || numbers[1] > 2 || numbers[2] < 0 || numbers[2] > 1'000'000'000) return std::nullopt;
  return SlotCursor{.now = SysTime(seconds(numbers[0])),
                    .last = {static_cast<int>(numbers[1]), static_cast<int>(numbers[2]), SysTime(seconds(numbers[3]))}};
}

}  // namespace calint::availability
