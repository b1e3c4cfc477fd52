// An access token that works, refreshed where needed: the one place that refreshes.
#pragma once

#include "app/exchange.h"
#include "app/runtime.h"
#include "store/records.h"

namespace calint::app {

// A token that is good for CalIntRefreshLead at least; `force` refreshes in any case (after a 401). `integration` is
// brought up to date with what is stored.
//
// One refresher for all nodes: lease, read again, present the refresh token, then save before use, only if the row
// still has the tokens that were refreshed. Whoever doesn't get the lease waits for the holder's result.
//
// Errors: gone where the integration is no longer active; reconnect where the grant is dead, after newer tokens
// were looked for; operator_fault for our client or key; rate_limited and unavailable pass.
Result<Secret> access_token(Runtime& runtime, const Call& call, store::Integration& integration, bool force);

}  // namespace calint::app
