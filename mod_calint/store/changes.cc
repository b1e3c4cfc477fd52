#include "store/changes.h"

#include "store/sql/changes.h"

namespace calint::store {
namespace {

Changes changes_from(const postgres::Rows& rows) {
  Changes found{.gone = rows.integer(0, "gone")};
  for (size_t row = 0; row < rows.size() && !rows.is_null(row, "number"); ++row)
    found.changes.push_back({.number = rows.integer(row, "number"),
                             .user_id = std::string(rows.text(row, "user_id")),
                             .integration_id = rows.maybe_integer(row, "integration_id"),
                             .change = std::string(rows.text(row, "change")),
                             .status = rows.maybe_text(row, "status"),
                             .detail = rows.maybe_text(row, "detail"),
                             .created_at = rows.instant(row, "created_at")});
  return found;
}

}  // namespace

Result<Changes> changes_after(postgres::Pool& pool, const std::string& organization, int64_t after, int most,
                              Deadline deadline) {
  const auto list = [&] {
    return sql::list_changes{.organization_id = organization, .after = after, .most = most};
  };
  auto rows = pool.query(list(), deadline);
  if (!rows) return std::move(rows).error();
  const bool is_full = rows->size() >= static_cast<size_t>(most) && !rows->is_null(0, "number");
  if (is_full || !rows->boolean(0, "has_unnumbered")) return changes_from(*rows);
  auto results = pool.transaction({sql::lock_changes{.organization_id = organization},
                                   sql::number_changes{.organization_id = organization}, list()},
                                  deadline);
  if (!results) return std::move(results).error();
  return changes_from(results->back());
}

}  // namespace calint::store
