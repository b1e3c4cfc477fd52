// An access token that works, refreshed where needed: the one place that refreshes.
#pragma once

#include <functional>
#include <string>

#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/jobs.h"

namespace calint::integration {

// A token that is good for CalIntRefreshLead at least; `force` refreshes in any case (after a 401). `integration` is
// brought up to date with what is stored.
//
// One refresher for all nodes: lease, read again, present the refresh token, then save before use, only if the row
// still has the tokens that were refreshed. Whoever doesn't get the lease waits for the holder's result. While the
// database is away tokens that came are kept, and stored once it is back: by this call until its deadline, then by the
// process's keeper until the lease ends.
//
// Errors: gone where the integration is no longer active; reconnect where the grant is dead, after newer tokens
// were looked for; operator_fault for our client or key; rate_limited and unavailable pass.
Result<Secret> access_token(Runtime& runtime, const Call& call, store::Integration& integration, bool force);

// The same for a refresh that was claimed, which is presented without reading again; `integration` begins as the claim
// brought it. Success ends the lease, after an error it is the caller's to end. While the database is away tokens that
// came are kept until the lease ends, which may be after the call's deadline; for 1.5 s where stopping() says that the
// process stops.
Result<Secret> refresh_claimed(Runtime& runtime, const Call& call, store::Integration& integration,
                               const store::ClaimedJob& claimed, const std::function<bool()>& stopping);

}  // namespace calint::integration
