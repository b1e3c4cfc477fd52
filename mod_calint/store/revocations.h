// Queued revocations. The rule (contract, section 6): a provider may end every grant of the account at once, so
// a grant is revoked only after the database has shown, under the grant's lock, that no active integration
// holds it and that no newer grant was stored since the revocation was queued.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"
#include "store/interviews.h"
#include "store/jobs.h"
#include "store/records.h"

namespace calint::store {

// For a call to the provider, which ends before another one may begin.
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
  std::optional<Instant> deadline_at;  // it is given up then
};

// What former connections of a user have left behind, for their page: a revocation that isn't finished, and interviews.
struct LeftBehind {
  std::optional<RevocationJob> revocation;
  StrandedInterviews stranded;
};
// One round trip.
Result<LeftBehind> find_left_behind(postgres::Pool& pool, const std::string& organization_id,
                                    const std::string& user_id, Deadline deadline);

struct ClaimedRevocation {
  ClaimedJob job;
  RevocationJob revocation;
};
Result<Claimed<ClaimedRevocation>> claim_revocations(postgres::Pool& pool, const Claim& claim, RoundRobin& round,
                                                     Deadline deadline);

// Claims up to claim.most of a user's revocations, also those that aren't due yet: somebody asked for it. The claim's
// lane doesn't count.
Result<std::vector<ClaimedRevocation>> claim_revocations_of(postgres::Pool& pool, const std::string& organization_id,
                                                            const std::string& user_id, const Claim& claim,
                                                            Deadline deadline);

// True where the grant may be revoked now: its row is marked as being revoked, for as long as the lease. False
// where somebody holds it or a newer grant exists.
Result<bool> begin_revocation(postgres::Pool& pool, const RevocationJob& revocation, Deadline deadline);

enum class RevocationEnd { revoked, held_elsewhere, past_deadline };
// Erases the job with its copy of the token and audits `revoked` or `revocation_abandoned`.
Status end_revocation(postgres::Pool& pool, const ClaimedRevocation& claimed, RevocationEnd end, Deadline deadline);

// Ends the lease, and the mark on the grant.
Status put_off_revocation(postgres::Pool& pool, const ClaimedRevocation& claimed, const Again& again,
                          Deadline deadline);

// For a grant that was just given and is stored only after it was tried: revocations of its account that wait
// don't begin for `span`, which must be longer than that takes. They stay queued, so a crash loses none. conflict
// while one is worked on.
Status delay_revocations(postgres::Pool& pool, const std::string& account_key, std::chrono::seconds span,
                         Deadline deadline);

// Queues the revocation of a grant that was given but not stored.
Status queue_lost_grant(postgres::Pool& pool, const std::string& organization_id, const std::string& user_id,
                        const Revocation& revocation, Deadline deadline);

}  // namespace calint::store
