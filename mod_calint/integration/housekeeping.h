// What is done once an hour for the whole installation, by whichever node comes first.
#pragma once

#include <functional>

#include "base/log.h"
#include "crypto/keyset.h"
#include "postgres/pool.h"

namespace calint::integration {

struct HouseTools {
  postgres::Pool& pool;
  const crypto::Keyset& keyset;
  LogSink& log;
  std::function<bool()> stopping;  // asked between batches; what is left is done the next time
};

// Drops what is kept no longer (store::retain). Returns how many rows; 0 also where it isn't due.
Result<int64_t> run_retention(const HouseTools& tools);

// Disconnects whoever is no longer an active, entitled row of calint_users: as if they had done it, with the reason
// `left` in the audit row. Where not one user is entitled, calint_users is broken: an alarm, and nobody is disconnected.
// Returns how many were; 0 also where it isn't due.
Result<int> run_leavers(const HouseTools& tools);

}  // namespace calint::integration
