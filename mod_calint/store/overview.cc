#include "store/overview.h"

#include "store/refreshes.h"
#include "store/sql/breakers.h"
#include "store/sql/overview.h"

namespace calint::store {
namespace {

// An array that a schema of before has no table for: empty there.
Result<std::string> array_of(Result<postgres::Rows> rows, const char* name) {
  if (!rows && rows.error().detail == Detail::no_such_table) return std::string("[]");
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, name));
}

}  // namespace

Result<std::string> overview(postgres::Pool& pool, Deadline deadline) {
  auto breakers = array_of(pool.query(sql::tell_breakers{}, deadline), "breakers");
  if (!breakers) return breakers;
  auto syncs = array_of(pool.query(sql::tell_syncs{}, deadline), "syncs");
  if (!syncs) return syncs;
  auto rows = pool.query(sql::overview{.lease = kRefreshLease, .syncs = *syncs, .breakers = *breakers}, deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "overview"));
}

}  // namespace calint::store
