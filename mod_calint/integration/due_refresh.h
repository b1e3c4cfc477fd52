// A refresh that is due, without anybody waiting for it.
#pragma once

#include "jobs/kind.h"

namespace calint::integration {

// What comes of one, with one log line:
//   refreshed               a validation that waits is due at once
//   the grant is dead       `expired`, audited
//   passing trouble         tried again; `error` once the access token has expired, `expired` once that has lasted for
//                           CalIntExpiryGrace
// Once the process stops, tokens that wait for the database wait for 1.5 s more.
extern const jobs::Kind kRefresh;

}  // namespace calint::integration
