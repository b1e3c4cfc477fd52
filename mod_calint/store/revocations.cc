#include "store/revocations.h"

#include "store/audit.h"
#include "store/claims.h"
#include "store/columns.h"
#include "store/sql/grants.h"
#include "store/sql/jobs.h"
#include "store/sql/revocations.h"
#include "store/statements.h"

namespace calint::store {
namespace {

// Comes before what ends the lease.
postgres::Statement unmark_grant(const ClaimedRevocation& claimed) {
  const RevocationJob& revocation = claimed.revocation;
  return sql::unmark_grant{.organization_id = claimed.job.organization_id,
                           .id = claimed.job.id,
                           .owner = claimed.job.owner,
                           .grant_organization_id = revocation.grant_organization_id,
                           .account_key = revocation.account_key,
                           .generation = revocation.grant_generation};
}

std::optional<Reason> reason_of(RevocationEnd end) {
  switch (end) {
    case RevocationEnd::held_elsewhere: return Reason::held_elsewhere;
    case RevocationEnd::past_deadline: return Reason::past_deadline;
    case RevocationEnd::revoked: break;
  }
  return std::nullopt;
}

Result<ClaimedRevocation> claimed_from(const postgres::Rows& rows, size_t row, const Claim& claim,
                                       Deadline lease_ends) {
  auto revocation = revocation_from(rows, row);
  if (!revocation) return std::move(revocation).error();
  return ClaimedRevocation{claimed_job(rows, row, claim.owner, lease_ends), std::move(*revocation)};
}

}  // namespace

Result<LeftBehind> find_left_behind(postgres::Pool& pool, const std::string& organization_id,
                                    const std::string& user_id, Deadline deadline) {
  auto read = read_with_stranded(
      pool, sql::pending_revocation{.organization_id = organization_id, .user_id = user_id}, organization_id, user_id,
      deadline);
  if (!read) return std::move(read).error();
  LeftBehind left{.revocation = std::nullopt, .stranded = std::move(read->stranded)};
  if (read->rows.empty()) return left;
  auto revocation = revocation_from(read->rows, 0);
  if (!revocation) return std::move(revocation).error();
  left.revocation = std::move(*revocation);
  return left;
}

Result<Claimed<ClaimedRevocation>> claim_revocations(postgres::Pool& pool, const Claim& claim, RoundRobin& round,
                                                     Deadline deadline) {
  const Deadline lease_ends = Deadline::in(claim.lease);
  auto rows = pool.query(claiming<sql::claim_revocations>(claim, round), deadline);
  if (!rows) return std::move(rows).error();
  Claimed<ClaimedRevocation> claimed{.may_be_more = go_on(round, *rows)};
  for (size_t row = 0; row < rows->size() && !rows->is_null(row, "job"); ++row) {
    auto one = claimed_from(*rows, row, claim, lease_ends);
    if (!one) return std::move(one).error();
    claimed.jobs.push_back(std::move(*one));
  }
  return claimed;
}

Result<std::vector<ClaimedRevocation>> claim_revocations_of(postgres::Pool& pool, const std::string& organization_id,
                                                            const std::string& user_id, const Claim& claim,
                                                            Deadline deadline) {
  const Deadline lease_ends = Deadline::in(claim.lease);
  auto rows = pool.query(sql::claim_revocations_of{.organization_id = organization_id,
                                                   .user_id = user_id,
                                                   .most = claim.most,
                                                   .owner = claim.owner,
                                                   .lease = claim.lease,
                                                   .first_pause = claim.backoff.first.count(),
                                                   .longest_pause = claim.backoff.most.count()},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ClaimedRevocation> claimed;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto one = claimed_from(*rows, row, claim, lease_ends);
    if (!one) return std::move(one).error();
    claimed.push_back(std::move(*one));
  }
  return claimed;
}

Result<bool> begin_revocation(postgres::Pool& pool, const RevocationJob& revocation, Deadline deadline) {
  auto results = pool.transaction({sql::lock_account{.account_key = revocation.account_key},
                                   sql::lock_grant{.grant_organization_id = revocation.grant_organization_id,
                                                   .account_key = revocation.account_key,
                                                   .generation = revocation.grant_generation},
                                   sql::mark_grant{.lease = kRevocationLease,
                                                   .grant_organization_id = revocation.grant_organization_id,
                                                   .account_key = revocation.account_key,
                                                   .generation = revocation.grant_generation}},
                                  deadline);
  if (!results) return std::move(results).error();
  return (*results)[2].affected() == 1;
}

Status end_revocation(postgres::Pool& pool, const ClaimedRevocation& claimed, RevocationEnd end, Deadline deadline) {
  return status_of(pool.transaction(
      {unmark_grant(claimed),
       sql::end_revocation{.organization_id = claimed.job.organization_id,
                           .id = claimed.job.id,
                           .owner = claimed.job.owner,
                           .action = end == RevocationEnd::revoked ? "revoked" : "revocation_abandoned",
                           .metadata = audit_metadata(claimed.revocation.provider, {.reason = reason_of(end)})}},
      deadline));
}

Status put_off_revocation(postgres::Pool& pool, const ClaimedRevocation& claimed, const Again& again,
                          Deadline deadline) {
  return status_of(pool.transaction({unmark_grant(claimed), putting_off(claimed.job, again)}, deadline));
}

Status delay_revocations(postgres::Pool& pool, const std::string& account_key, std::chrono::seconds span,
                         Deadline deadline) {
  // A claim that came first holds its job's row: the second statement waits for it, the third sees its lease.
  return status_of(pool.transaction(
      {sql::no_grant_is_marked{.account_key = account_key},
       sql::delay_revocations{.span = span, .account_key = account_key},
       sql::no_revocation_is_leased{.account_key = account_key}},
      deadline));
}

Status queue_lost_grant(postgres::Pool& pool, const std::string& organization_id, const std::string& user_id,
                        const Revocation& revocation, Deadline deadline) {
  return status_of(pool.query(queue_revocation(organization_id, user_id, std::nullopt, revocation), deadline));
}

}  // namespace calint::store
