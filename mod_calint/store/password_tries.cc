#include "store/password_tries.h"

#include <algorithm>
#include <tuple>

namespace calint::store {
namespace {

// Everybody locks the rows in one order.
std::vector<TryLimit> in_lock_order(std::vector<TryLimit> limits) {
  std::sort(limits.begin(), limits.end(), [](const TryLimit& a, const TryLimit& b) {
    return std::tie(a.organization_id, a.subject) < std::tie(b.organization_id, b.subject);
  });
  return limits;
}

// The transaction ends as conflict where the limit is reached.
postgres::Statement count(const TryLimit& limit) {
  return {"WITH counted AS (INSERT INTO calendar_password_tries AS p (organization_id, subject, tries, expires_at)"
          " VALUES ($1, $2, ARRAY[now()], now() + interval '1 hour')"
          " ON CONFLICT (organization_id, subject) DO UPDATE SET expires_at = excluded.expires_at,"
          " tries = ARRAY(SELECT t FROM unnest(p.tries) AS t WHERE t > now() - interval '1 hour' ORDER BY t) || now()"
          " WHERE (SELECT count(*) FROM unnest(p.tries) AS t WHERE t > now() - interval '1 hour') < $3"
          " RETURNING subject)"
          " SELECT calint_require(EXISTS (SELECT FROM counted))",
          {limit.organization_id, limit.subject, limit.most}};
}

// Rows that count nothing any more, a few at a time.
postgres::Statement sweep() {
  return {"DELETE FROM calendar_password_tries WHERE (organization_id, subject) IN (SELECT organization_id, subject"
          " FROM calendar_password_tries WHERE expires_at < now() LIMIT 20 FOR UPDATE SKIP LOCKED)",
          {}};
}

// Of each limit: when the oldest of its latest `most` tries stops counting; null while there are fewer.
postgres::Statement wait(const TryLimit& limit) {
  return {"SELECT ceil(extract(epoch FROM max(t.oldest) + interval '1 hour' - now()))::bigint AS seconds FROM"
          " (SELECT tries[cardinality(tries) - $3 + 1] AS oldest FROM calendar_password_tries"
          " WHERE organization_id = $1 AND subject = $2) AS t",
          {limit.organization_id, limit.subject, limit.most}};
}

Result<std::optional<std::chrono::seconds>> longest_wait(postgres::Pool& pool, const std::vector<TryLimit>& limits,
                                                         Deadline deadline) {
  std::vector<postgres::Statement> statements;
  for (const TryLimit& limit : limits) statements.push_back(wait(limit));
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
  for (const TryLimit& limit : in_lock_order(limits)) statements.push_back(count(limit));
  statements.push_back(sweep());
  auto counted = pool.transaction(std::move(statements), deadline);
  if (counted) return std::optional<std::chrono::seconds>();
  if (counted.error().fault != Fault::conflict) return std::move(counted).error();
  return longest_wait(pool, limits, deadline);
}

Status forget_try(postgres::Pool& pool, const std::vector<TryLimit>& limits, Deadline deadline) {
  std::vector<postgres::Statement> statements;
  for (const TryLimit& limit : in_lock_order(limits))
    statements.push_back({"UPDATE calendar_password_tries SET tries = tries[:cardinality(tries) - 1]"
                          " WHERE organization_id = $1 AND subject = $2",
                          {limit.organization_id, limit.subject}});
  auto forgotten = pool.transaction(std::move(statements), deadline);
  return forgotten ? Status() : Status(std::move(forgotten).error());
}

}  // namespace calint::store
