// A validation that is due: the calendars of a connection could not be read, and that is tried again.
#pragma once

#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/due.h"

namespace calint::integration {

// Reads the calendars of a claimed job's integration and stores what came of it, with one log line: `connected`, or the
// reason why not. Tried again by kValidationPace, never sooner than the provider asks; after what only the operator can
// mend, in about an hour. `expired` where the access is gone, or once it has failed for CalIntExpiryGrace: the job is
// given up then and kept. `owner` has the job's lease; the caller holds a place for calls to the provider.
void validate(Runtime& runtime, const Call& call, const store::DueValidation& due, const std::string& owner);

// Gives a claim back unused.
void give_back(Runtime& runtime, const Call& call, const store::DueValidation& due, const std::string& owner,
               std::chrono::seconds in);

}  // namespace calint::integration
