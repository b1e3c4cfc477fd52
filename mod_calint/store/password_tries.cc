#include "store/password_tries.h"

#include <algorithm>
#include <tuple>

#include "store/sql/passwords.h"

namespace calint::store {
namespace {

// Everybody locks the rows in one order.
std::vector<TryLimit> in_lock_order(std::vector<TryLimit> limits) {
  std::sort(limits.begin(), limits.end(), [](const TryLimit& a, const TryLimit& b) {
    return std::tie(a.organization_id, a.subject) < std::tie(b.organization_id, b.subject);
  });
  return limits;
}

Result<std::optional<std::chrono::seconds>> longest_wait(postgres::Pool& pool, const std::vector<TryLimit>& limits,
                                                         Deadline deadline) {
  std::vector<postgres::Statement> statements;
  for (const TryLimit& limit : limits)
    statements.push_back(
        sql::wait_for_try{.most = limit.most, .organization_id = limit.organization_id, .subject = limit.subject});
  auto results = pool.transaction(std::move(statements), deadline);
  if (!results) return std::move(results).error();
  int64_t longest = 1;
  for (const postgres::Rows& rows : *results) longest = std::max(longest, rows.maybe_integer(0, "seconds").value_or(0));
  return std::optional(std::chrono::seconds(longest));
}

}  // namespace

Result<std::optional<std::chrono::seconds>> count_try(postgres::Pool& pool, const std::vector<TryLimit>& limits,
                                                      Deadline deadline) {
  std::vector<postgres::Statement> statements;
  for (const TryLimit& limit : in_lock_order(limits))
    statements.push_back(
        sql::count_try{.organization_id = limit.organization_id, .subject = limit.subject, .most = limit.most});
  statements.push_back(sql::sweep_tries{});
  auto counted = pool.transaction(std::move(statements), deadline);
  if (counted) return std::optional<std::chrono::seconds>();
  if (counted.error().fault != Fault::conflict) return std::move(counted).error();
  return longest_wait(pool, limits, deadline);
}

Status forget_try(postgres::Pool& pool, const std::vector<TryLimit>& limits, Deadline deadline) {
  std::vector<postgres::Statement> statements;
  for (const TryLimit& limit : in_lock_order(limits))
    statements.push_back(sql::forget_try{.organization_id = limit.organization_id, .subject = limit.subject});
  return status_of(pool.transaction(std::move(statements), deadline));
}

}  // namespace calint::store
