#include "store/breakers.h"

#include "store/columns.h"
#include "store/sql/breakers.h"

namespace calint::store {
namespace {

constexpr int kBatch = 2000;

postgres::Statement closing(const std::optional<Breaker>& breaker) {
  return sql::close_breakers{.per_second = kReleasedPerSecond,
                             .longest = kLongestSpread,
                             .subject = breaker ? std::optional(breaker->subject) : std::nullopt,
                             .organization_id = breaker ? std::optional(breaker->organization_id) : std::nullopt};
}

std::vector<Released> released_from(const postgres::Rows& rows) {
  std::vector<Released> all;
  for (size_t row = 0; row < rows.size(); ++row)
    all.push_back({.name = std::string(rows.text(row, "name")),
                   .jobs = rows.integer(row, "number"),
                   .spread = std::chrono::seconds(rows.integer(row, "seconds"))});
  return all;
}

}  // namespace

Status hold_job(postgres::Pool& pool, const ClaimedJob& job, std::string_view kind, const Breaker& breaker,
                const std::string& reason, Deadline deadline) {
  std::vector<postgres::Statement> statements = {
      sql::open_breaker{
          .kinds = breaker.kinds,
          .lane = breaker.lane,
          .name = breaker.name,
          .mark = breaker.mark,
          .reason = reason,
          .pause = kProbeEvery,
          .organization_id = breaker.organization_id,
          .subject = breaker.subject,
          .provider = breaker.provider ? std::optional(std::string(to_string(*breaker.provider))) : std::nullopt},
      sql::hold_job{.lane = breaker.lane,
                    .reason = reason,
                    .organization_id = job.organization_id,
                    .id = job.id,
                    .owner = job.owner}};
  if (breaker.client_row != 0)
    statements.push_back(sql::hold_jobs_of_client{.lane = breaker.lane,
                                                  .kinds = breaker.kinds,
                                                  .organization_id = breaker.organization_id,
                                                  .client_row = breaker.client_row});
  if (job.integration_id != 0 && kind != breaker.kinds.front())
    statements.push_back(sql::hasten_proof{.organization_id = job.organization_id,
                                           .integration_id = job.integration_id,
                                           .kind = breaker.kinds.front()});
  return status_of(pool.transaction(std::move(statements), deadline));
}

Result<bool> claim_probe(postgres::Pool& pool, const Breaker& breaker, Deadline deadline) {
  auto rows = pool.query(sql::claim_probe{.pause = kProbeEvery,
                                          .organization_id = breaker.organization_id,
                                          .subject = breaker.subject},
                         deadline);
  if (!rows) return std::move(rows).error();
  return rows->affected() == 1;
}

Result<std::optional<Released>> close_breaker(postgres::Pool& pool, const Breaker& breaker, Deadline deadline) {
  auto rows = pool.query(closing(breaker), deadline);
  if (!rows) return std::move(rows).error();
  std::vector<Released> released = released_from(*rows);
  return released.empty() ? std::nullopt : std::optional(std::move(released.front()));
}

Result<std::vector<Released>> close_all_breakers(postgres::Pool& pool, Deadline deadline) {
  auto rows = pool.query(closing(std::nullopt), deadline);
  if (!rows) return std::move(rows).error();
  return released_from(*rows);
}

Result<bool> release_jobs(postgres::Pool& pool, const Breaker& breaker, Deadline deadline) {
  auto released = pool.query(sql::release_jobs{.organization_id = breaker.organization_id,
                                               .subject = breaker.subject,
                                               .most = kBatch},
                             deadline);
  if (!released) return std::move(released).error();
  if (released->affected() == kBatch) return false;
  auto dropped = pool.query(sql::drop_breaker{.organization_id = breaker.organization_id, .subject = breaker.subject},
                            deadline);
  if (!dropped) return std::move(dropped).error();
  return true;
}

Result<std::vector<Breaker>> list_breakers(postgres::Pool& pool, Deadline deadline) {
  auto rows = pool.query(sql::list_breakers{}, deadline);
  if (!rows) return std::move(rows).error();
  return breakers_from(*rows);
}

Result<int64_t> hasten_operators_jobs(postgres::Pool& pool, Deadline deadline) {
  auto rows = pool.query(sql::hasten_operators_jobs{.spread = kHastenedWithin}, deadline);
  if (!rows) return std::move(rows).error();
  return rows->affected();
}

}  // namespace calint::store
