// A validation that is due: the calendars of a connection could not be read, and that is tried again.
#pragma once

#include "jobs/kind.h"

namespace calint::integration {

// What comes of one, with one log line: `connected`, or the reason why not, never asked for sooner than the provider
// says. `expired` where the access is gone, or once it has failed for CalIntExpiryGrace: the job is given up then and
// kept.
extern const jobs::Kind kValidation;

}  // namespace calint::integration
