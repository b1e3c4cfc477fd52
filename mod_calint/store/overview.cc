#include "store/overview.h"

#include "store/refreshes.h"
#include "store/sql/overview.h"

namespace calint::store {

Result<std::string> overview(postgres::Pool& pool, Deadline deadline) {
  auto rows = pool.query(sql::overview{.lease = kRefreshLease}, deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "overview"));
}

}  // namespace calint::store
