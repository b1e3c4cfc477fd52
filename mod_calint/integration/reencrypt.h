// Moving what is stored to the primary key, after a rotation.
#pragma once

#include <functional>

#include "crypto/keyset.h"
#include "postgres/pool.h"

namespace calint::integration {

struct ReencryptCount {
  int64_t moved = 0;
  int64_t changed_meanwhile = 0;  // written by somebody else while it was moved: under the primary key by then
  int64_t unreadable = 0;         // sealed by a key that isn't here, or not opening
};

// In batches, each row by compare-and-swap: safe beside running nodes, and resumable at any time, because only rows
// that aren't under the primary key are looked at. `progress` is called after each batch.
Result<ReencryptCount> reencrypt(postgres::Pool& pool, const crypto::Keyset& keyset,
                                 const std::function<void(const ReencryptCount&)>& progress, Deadline deadline);

}  // namespace calint::integration
