// Working off queued revocations (contract, section 6).
#pragma once

#include "jobs/kind.h"

namespace calint::integration {

// What comes of one, with one log line: revoked, or not needed any more, because a newer connection holds the grant; or
// tried again, until a week after it was queued.
extern const jobs::Kind kRevocation;

// The revocations of a user who asks for them, up to `most`, due or not, until one is put off. Returns whether all of
// them have ended. The caller holds a slot for calls to the provider.
Result<bool> retry_revocations(Runtime& runtime, const Call& call, const std::string& organization_id,
                               const std::string& user_id, int most);

}  // namespace calint::integration
