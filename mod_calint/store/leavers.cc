#include "store/leavers.h"

#include "store/sql/leavers.h"
#include "store/users.h"

namespace calint::store {

Result<LeaverCounts> count_leavers(postgres::Pool& pool, int most, Deadline deadline) {
  auto rows = pool.query(sql::count_leavers{.most = most}, deadline);
  if (!rows) return about_users(std::move(rows).error());
  LeaverCounts counts;
  for (size_t row = 0; row < rows->size(); ++row)
    counts.organizations.push_back({.organization_id = std::string(rows->text(row, "organization_id")),
                                    .leaving = rows->integer(row, "leaving"),
                                    .connected = rows->integer(row, "connected")});
  if (rows->empty()) return counts;
  counts.leaving = rows->integer(0, "all_leaving");
  counts.connected = rows->integer(0, "all_connected");
  counts.nobody_is_entitled = rows->boolean(0, "nobody");
  return counts;
}

Result<std::vector<Leaver>> find_leavers(postgres::Pool& pool, const std::vector<std::string>& organizations,
                                         int64_t after, int most, Deadline deadline) {
  auto rows = pool.query(sql::find_leavers{.organizations = organizations, .after = after, .most = most}, deadline);
  if (!rows) return about_users(std::move(rows).error());
  std::vector<Leaver> leavers;
  for (size_t row = 0; row < rows->size(); ++row)
    leavers.push_back({std::string(rows->text(row, "organization_id")), rows->integer(row, "id")});
  return leavers;
}

}  // namespace calint::store
