#include "store/housekeeping.h"

#include "store/commits.h"
#include "store/sql/chores.h"

namespace calint::store {

Result<bool> claim_chore(postgres::Pool& pool, std::string_view chore, std::chrono::seconds every, Deadline deadline) {
  auto rows = pool.query(sql::claim_chore{.every = every, .chore = chore}, deadline, commits::kRoutine);
  if (!rows) return std::move(rows).error();
  return rows->affected() == 1;
}

Result<int64_t> retain(postgres::Pool& pool, Deadline deadline) {
  auto results = pool.transaction({sql::drop_used_states{}, sql::drop_password_tries{}, sql::drop_changes{},
                                   sql::drop_given_up_jobs{}, sql::abandon_revocations{}, sql::forget_accounts{}},
                                  deadline);
  if (!results) return std::move(results).error();
  int64_t rows = 0;
  for (const postgres::Rows& one : *results) rows += one.affected();
  // Before the schema has them there are none.
  const postgres::Statement later[] = {sql::drop_holds{}, sql::drop_interviews{}};
  for (const postgres::Statement& statement : later) {
    auto dropped = pool.query(statement, deadline);
    if (!dropped && dropped.error().detail != Detail::no_such_table) return std::move(dropped).error();
    if (dropped) rows += dropped->affected();
  }
  return rows;
}

Result<int64_t> announce_changes(postgres::Pool& pool, Deadline deadline) {
  // Where its answer is lost, it may be repeated.
  auto told = pool.query(sql::announce_changes{}, deadline, commits::kRoutine);
  if (!told) return std::move(told).error();
  return told->empty() ? 0 : told->integer(0, "n");
}

}  // namespace calint::store
