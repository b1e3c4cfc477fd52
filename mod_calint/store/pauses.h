// The least pause between two times that one person does the same, where that costs a call to a provider or writes what
// the ATS hears of. Kept in the database, so that it holds over all nodes: a row of calendar_password_tries for each,
// which goes once it holds nobody up any more. Ending a connection and connecting are never held up.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

inline constexpr std::chrono::seconds kLeastPause{10};

// Whose next time is held up.
struct Turn {
  std::string organization_id;
  std::string subject;

  static Turn of_integration(const Integration& integration, std::string_view action);
  static Turn of_user(const User& user, std::string_view action);
};

// Nothing: the turn was taken. Otherwise nothing was done, and this is to wait, at least a second.
using Wait = std::optional<std::chrono::seconds>;

// One round trip.
Result<Wait> take_turn(postgres::Pool& pool, const Turn& turn, Deadline deadline);

// What a statement that takes a turn says of it.
Wait wait_of(const postgres::Rows& rows);

}  // namespace calint::store
