// A refresh that is due, without anybody waiting for it.
#pragma once

#include <functional>
#include <string>

#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/due.h"

namespace calint::integration {

// Refreshes what `owner` claimed and stores what came of it, with one log line:
//   refreshed               a validation that waits is due at once
//   the grant is dead       `expired`, audited
//   the operator's to mend  alarm; nobody's status is touched; tried again in about an hour
//   passing trouble         tried again by kRefreshPace, never sooner than the provider asks; `error` once the access
//                           token has expired, `expired` once that has lasted for CalIntExpiryGrace
// A claim that has waited for most of its lease is given back instead. Once stopping(), tokens that wait for the
// database wait for 1.5 s more. The caller holds a place for calls to the provider.
void refresh(Runtime& runtime, const Call& call, const store::DueRefresh& due, const std::string& owner,
             const std::function<bool()>& stopping);

// Gives a claim back unused.
void give_back(Runtime& runtime, const Call& call, const store::DueRefresh& due, const std::string& owner,
               std::chrono::seconds in);

}  // namespace calint::integration
