#include "store/pauses.h"

#include <fmt/format.h>

#include "store/sql/pauses.h"

namespace calint::store {

Turn Turn::of_integration(const Integration& integration, std::string_view action) {
  return {integration.organization_id, fmt::format("pause/{}/{}", action, integration.id)};
}

Turn Turn::of_user(const User& user, std::string_view action) {
  return {user.organization_id, fmt::format("pause/{}/user/{}", action, user.id)};
}

Result<Wait> take_turn(postgres::Pool& pool, const Turn& turn, Deadline deadline) {
  auto rows = pool.query(
      sql::take_turn{.organization_id = turn.organization_id, .turn = turn.subject, .pause = kLeastPause}, deadline);
  if (!rows) return std::move(rows).error();
  return wait_of(*rows);
}

Wait wait_of(const postgres::Rows& rows) {
  const auto seconds = rows.maybe_integer(0, "wait");
  return seconds ? Wait(*seconds) : std::nullopt;
}

}  // namespace calint::store
