#include "store/jobs.h"

#include "store/claims.h"
#include "store/columns.h"
#include "store/commits.h"
#include "store/sql/jobs.h"
#include "store/statements.h"

namespace calint::store {

Result<Claimed<IntegrationJob>> claim_jobs(postgres::Pool& pool, const Claim& claim, RoundRobin& round,
                                           Deadline deadline) {
  const Deadline lease_ends = Deadline::in(claim.lease);
  auto rows = pool.query(claiming<sql::claim_jobs>(claim, round), deadline);
  if (!rows) return std::move(rows).error();
  Claimed<IntegrationJob> claimed{.may_be_more = go_on(round, *rows)};
  for (size_t row = 0; row < rows->size() && !rows->is_null(row, "job"); ++row) {
    IntegrationJob one{.job = claimed_job(*rows, row, claim.owner, lease_ends)};
    if (!rows->is_null(row, "id")) {
      auto integration = integration_from(*rows, row);
      if (!integration) return std::move(integration).error();
      one.integration = std::move(*integration);
    }
    claimed.jobs.push_back(std::move(one));
  }
  return claimed;
}

postgres::Statement putting_off(const ClaimedJob& job, const Again& again) {
  return sql::put_off_job{.attempts = again.attempts,
                          .reason = again.reason.empty() ? std::nullopt : std::optional(again.reason),
                          .is_due_as_before = !again.in && !again.keeps_backoff,
                          .pause = again.in.value_or(std::chrono::seconds(0)),
                          .keeps_backoff = again.keeps_backoff,
                          .organization_id = job.organization_id,
                          .id = job.id,
                          .owner = job.owner};
}

Status put_off_job(postgres::Pool& pool, const ClaimedJob& job, const Again& again, Deadline deadline) {
  return status_of(pool.query(putting_off(job, again), deadline, commits::kJobEnd));
}

Status finish_job(postgres::Pool& pool, const ClaimedJob& job, Instant due_at, Deadline deadline) {
  return status_of(pool.query(sql::finish_job{.claimed_due_at = job.due_at,
                                         .due_at = due_at,
                                         .organization_id = job.organization_id,
                                         .id = job.id,
                                         .owner = job.owner},
                         deadline, commits::kJobEnd));
}

Status drop_job(postgres::Pool& pool, const ClaimedJob& job, Deadline deadline) {
  return status_of(pool.query(sql::drop_job{.organization_id = job.organization_id, .id = job.id, .owner = job.owner},
                              deadline, commits::kJobEnd));
}

Result<std::string> list_jobs(postgres::Pool& pool, Deadline deadline) {
  auto rows = pool.query(sql::list_jobs{}, deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "jobs"));
}

}  // namespace calint::store
