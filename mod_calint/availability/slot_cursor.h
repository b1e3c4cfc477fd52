// Where the next page of slots begins: opaque to whoever gets it, and foreign when it comes back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "availability/slot_request.h"

namespace calint::availability {

// A slot's place in its order; less is earlier. With Order::time, `start` alone decides.
struct SlotPlace {
  int kind = 0;  // 0: a whole hour on the clock, 1: a half one, 2: another
  int load = 0;  // of who is chosen
  SysTime start{};

  auto operator<=>(const SlotPlace&) const = default;
};

struct SlotCursor {
  static constexpr size_t kLongest = 128;

  SysTime now;     // of the first page: what was too short notice there stays so
  SlotPlace last;  // the last one of the page before

  std::string text(Order order) const;
  // nullopt for what text() doesn't make with this order.
  static std::optional<SlotCursor> parse(std::string_view text, Order order);
};

}  // namespace calint::availability
