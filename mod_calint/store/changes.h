// What the ATS should hear of, in the order in which it became visible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

struct Change {
  int64_t number = 0;  // higher than that of each change that could be read before
  std::string user_id;
  std::optional<int64_t> integration_id;
  std::string change;
  std::optional<std::string> status;  // the integration's after it
  std::optional<std::string> detail;  // of an interview's: JSON
  Instant created_at;
};

struct Changes {
  std::vector<Change> changes;  // in the order of their numbers
  int64_t gone = 0;             // up to this one they are no longer kept
};

// Those behind `after`, `most` at most; numbers what was committed since somebody looked last. A transaction that
// commits later has a higher number, and one that is still open holds nobody up. One round trip, two where something is
// new.
Result<Changes> changes_after(postgres::Pool& pool, const std::string& organization, int64_t after, int most,
                              Deadline deadline);

}  // namespace calint::store
