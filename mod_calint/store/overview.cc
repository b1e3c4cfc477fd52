#include "store/overview.h"

#include "store/refreshes.h"
#include "store/sql/breakers.h"
#include "store/sql/overview.h"

namespace calint::store {

Result<std::string> overview(postgres::Pool& pool, Deadline deadline) {
  auto breakers = pool.query(sql::tell_breakers{}, deadline);
  // The schema before has none.
  if (!breakers && breakers.error().detail != Detail::no_such_table) return std::move(breakers).error();
  const std::string held = breakers ? std::string(breakers->text(0, "breakers")) : "[]";
  auto rows = pool.query(sql::overview{.lease = kRefreshLease, .breakers = held}, deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "overview"));
}

}  // namespace calint::store
