#include "store/revocations.h"

#include "store/audit.h"
#include "store/columns.h"
#include "store/sql/grants.h"
#include "store/statements.h"

namespace calint::store {
namespace {

postgres::Statement end_claim_on_grant(const RevocationJob& job) {
  return {"UPDATE calendar_grants SET revoking_until = NULL, updated_at = now()"
          " WHERE organization_id = $1 AND account_key = $2 AND generation = $3",
          {job.grant_organization_id, job.account_key, job.grant_generation}};
}

}  // namespace

Result<std::optional<RevocationJob>> pending_revocation(postgres::Pool& pool, const std::string& organization_id,
                                                        const std::string& user_id, Deadline deadline) {
  auto rows = pool.query({"SELECT " CALINT_REVOCATION_COLUMNS " FROM calendar_jobs WHERE organization_id = $1"
                          " AND user_id = $2 AND kind = 'revoke' AND given_up_at IS NULL ORDER BY id LIMIT 1",
                          {organization_id, user_id}},
                         deadline);
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<RevocationJob>();
  auto job = revocation_from(*rows, 0);
  if (!job) return std::move(job).error();
  return std::optional<RevocationJob>(std::move(*job));
}

Result<std::vector<RevocationJob>> claim_revocations_of(postgres::Pool& pool, const std::string& organization_id,
                                                        const std::string& user_id, const Backoff& backoff,
                                                        const std::string& owner, int most, Deadline deadline) {
  const Deadline lease_ends = Deadline::in(kRevocationLease);
  auto rows = pool.query(
      {"UPDATE calendar_jobs j SET lease_owner = $1, lease_until = now() + make_interval(secs => $2),"
       " due_at = now() + calint_backoff(attempts, $6, $7), attempts = attempts + 1"
       " FROM (SELECT organization_id AS o, id AS i FROM calendar_jobs WHERE organization_id = $3 AND user_id = $4"
       " AND kind = 'revoke' AND given_up_at IS NULL AND (lease_until IS NULL OR lease_until < now())"
       " ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED) due"
       " WHERE j.organization_id = due.o AND j.id = due.i RETURNING " CALINT_REVOCATION_COLUMNS,
       {owner, kRevocationLease.count(), organization_id, user_id, most, backoff.first.count(), backoff.most.count()}},
      deadline);
  if (!rows) return std::move(rows).error();
  return revocations_from(*rows, lease_ends);
}

Result<bool> begin_revocation(postgres::Pool& pool, const RevocationJob& job, Deadline deadline) {
  // The lock comes first, in a statement of its own: what follows sees every connection stored before it.
  auto results = pool.transaction(
      {sql::lock_account{.account_key = job.account_key},
       {"INSERT INTO calendar_grants AS g (organization_id, account_key, generation) VALUES ($1, $2, $3)"
        " ON CONFLICT (organization_id, account_key) DO UPDATE SET updated_at = g.updated_at",
        {job.grant_organization_id, job.account_key, job.grant_generation}},
       {"UPDATE calendar_grants SET revoking_until = now() + make_interval(secs => $4), updated_at = now()"
        " WHERE organization_id = $1 AND account_key = $2 AND generation = $3"
        " AND NOT EXISTS (SELECT FROM calendar_integrations WHERE account_key = $2 AND active)",
        {job.grant_organization_id, job.account_key, job.grant_generation, kRevocationLease.count()}}},
      deadline);
  if (!results) return std::move(results).error();
  return (*results)[2].affected() == 1;
}

Status end_revocation(postgres::Pool& pool, const RevocationJob& job, RevocationEnd end, Deadline deadline) {
  const bool revoked = end == RevocationEnd::revoked;
  std::optional<Reason> reason;
  if (!revoked) reason = end == RevocationEnd::held_elsewhere ? Reason::held_elsewhere : Reason::past_deadline;
  auto results = pool.transaction(
      {end_claim_on_grant(job),
       {"WITH done AS (DELETE FROM calendar_jobs WHERE organization_id = $1 AND id = $2 RETURNING user_id)"
        " SELECT calint_audit($1, NULL, $3, 'CalendarIntegration', $4,"
        " $5::jsonb || jsonb_build_object('subject_user_id', user_id), NULL, NULL) FROM done",
        {job.organization_id, job.id,
         revoked ? "calendar_integration.revoked" : "calendar_integration.revocation_abandoned", job.integration_id,
         audit_metadata(job.provider, {.reason = reason})}}},
      deadline);
  return results ? Status() : Status(std::move(results).error());
}

Status postpone_revocation(postgres::Pool& pool, const RevocationJob& job, const std::string& owner, const Again& again,
                           Deadline deadline) {
  auto results =
      pool.transaction({end_claim_on_grant(job), put_off_job(job.organization_id, job.id, owner, again)}, deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& updated = (*results)[1];
  if (!updated.empty() && updated.boolean(0, "past"))
    return end_revocation(pool, job, RevocationEnd::past_deadline, deadline);
  return {};
}

Status delay_revocations(postgres::Pool& pool, const std::string& account_key, std::chrono::seconds span, Deadline deadline) {
  // A claim that came first holds its job's row: the second statement waits for it, the third sees its lease.
  auto results = pool.transaction(
      {{"SELECT calint_require(NOT EXISTS (SELECT FROM calendar_grants WHERE account_key = $1"
        " AND revoking_until > now()))",
        {account_key}},
       {"UPDATE calendar_jobs SET due_at = greatest(due_at, now() + make_interval(secs => $2)) WHERE kind = 'revoke'"
        " AND account_key = $1 AND given_up_at IS NULL",
        {account_key, span.count()}},
       {"SELECT calint_require(NOT EXISTS (SELECT FROM calendar_jobs WHERE kind = 'revoke' AND account_key = $1"
        " AND given_up_at IS NULL AND lease_until > now()))",
        {account_key}}},
      deadline);
  return results ? Status() : Status(std::move(results).error());
}

Status queue_lost_grant(postgres::Pool& pool, const std::string& organization_id, const std::string& user_id,
                        const Revocation& revocation, Deadline deadline) {
  auto rows = pool.query(queue_revocation(organization_id, user_id, std::nullopt, revocation), deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

}  // namespace calint::store
