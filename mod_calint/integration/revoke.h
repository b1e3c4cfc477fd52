// Working off queued revocations (contract, section 6).
#pragma once

#include <functional>

#include "base/log.h"
#include "crypto/keyset.h"
#include "provider/provider.h"
#include "store/revocations.h"

namespace calint::integration {

struct RevocationTools {
  postgres::Pool& pool;
  const crypto::Keyset& keyset;
  LogSink& log;
  const Clock& clock;
  std::function<OAuth*(ProviderId)> provider;  // nullptr: not configured here, the job waits
  std::string owner;                                      // of the leases
};

struct RevocationCount {
  int revoked = 0;
  int abandoned = 0;  // somebody else holds the grant
  int postponed = 0;
};

// Works off what is due at the providers that the tools have, up to `most`. One log line per outcome. Errors are the
// database's; what a provider answers is counted.
Result<RevocationCount> run_due_revocations(const RevocationTools& tools, int most, Deadline deadline);

// The same for the revocations of a user who asks for them, due or not, until one is postponed.
Result<RevocationCount> run_revocations_of(const RevocationTools& tools, const std::string& organization_id,
                                           const std::string& user_id, int most, Deadline deadline);

// Works on a job that was claimed for tools.owner.
Status work_on(const RevocationTools& tools, const store::RevocationJob& job, Deadline deadline,
               RevocationCount& count);

}  // namespace calint::integration
