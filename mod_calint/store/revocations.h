// Queued revocations. The rule (contract, section 6): a provider may end every grant of the account at once, so
// a grant is revoked only after the database has shown, under the grant's lock, that no active integration
// holds it and that no newer grant was stored since the revocation was queued.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"
#include "store/attempts.h"
#include "store/records.h"

namespace calint::store {

inline constexpr std::chrono::seconds kRevocationLease{60};

struct RevocationJob {
  std::string organization_id;
  int64_t id = 0;
  std::string integration_id;  // "0" where no integration was stored
  std::string user_id;
  ProviderId provider = ProviderId::google;
  std::string token_encrypted;
  std::string seal_id;
  std::string grant_organization_id;
  std::string account_key;
  int64_t grant_generation = 0;
  int attempts = 0;
  std::optional<Instant> deadline_at;               // it is given up then
  Deadline lease_ends = Deadline::in({});  // of a claim
};

// A revocation that isn't finished, for the page of the user that it belongs to.
Result<std::optional<RevocationJob>> pending_revocation(postgres::Pool& pool, const std::string& organization_id,
                                                        const std::string& user_id, Deadline deadline);

// Claims up to `most` of a user's revocations for `owner`, also those that aren't due yet: somebody asked for it. What
// is due anyway is claimed by claim_due_revocations().
Result<std::vector<RevocationJob>> claim_revocations_of(postgres::Pool& pool, const std::string& organization_id,
                                                        const std::string& user_id, const Backoff& backoff,
                                                        const std::string& owner, int most, Deadline deadline);

// True where the grant may be revoked now: its row is marked as being revoked, for as long as the lease. False
// where somebody holds it or a newer grant exists.
Result<bool> begin_revocation(postgres::Pool& pool, const RevocationJob& job, Deadline deadline);

enum class RevocationEnd { revoked, held_elsewhere, past_deadline };
// Erases the job with its copy of the token and audits `revoked` or `revocation_abandoned`.
Status end_revocation(postgres::Pool& pool, const RevocationJob& job, RevocationEnd end, Deadline deadline);

// Ends the lease that `owner` has, and the mark on the grant; where the job's deadline has passed, it ends as abandoned
// instead of coming again.
Status postpone_revocation(postgres::Pool& pool, const RevocationJob& job, const std::string& owner, const Again& again,
                           Deadline deadline);

// For a grant that was just given and is stored only after it was tried: revocations of its account that wait
// don't begin for `span`, which must be longer than that takes. They stay queued, so a crash loses none. conflict
// while one is worked on.
Status delay_revocations(postgres::Pool& pool, const std::string& account_key, std::chrono::seconds span, Deadline deadline);

// Queues the revocation of a grant that was given but not stored.
Status queue_lost_grant(postgres::Pool& pool, const std::string& organization_id, const std::string& user_id,
                        const Revocation& revocation, Deadline deadline);

}  // namespace calint::store
