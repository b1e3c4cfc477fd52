// Connections of users who are gone from calint_users, or no longer entitled there: without an active row that is an
// interviewer's or an administrator's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

struct LeaverCount {
  std::string organization_id;
  int64_t leaving = 0;    // connections that would end; at least one
  int64_t connected = 0;  // with those
};
struct LeaverCounts {
  std::vector<LeaverCount> organizations;  // those with most leavers, which come first
  int64_t leaving = 0;                     // of all organisations
  int64_t connected = 0;
  bool nobody_is_entitled = false;  // in all of calint_users, though there are connections
};

// In up to `most` organisations. operator_fault where calint_users isn't as about_users() has it.
Result<LeaverCounts> count_leavers(postgres::Pool& pool, int most, Deadline deadline);

struct Leaver {
  std::string organization_id;
  int64_t integration_id = 0;
};
// Up to `most` of these organisations', by their integrations' ids, from behind `after` on.
Result<std::vector<Leaver>> find_leavers(postgres::Pool& pool, const std::vector<std::string>& organizations,
                                         int64_t after, int most, Deadline deadline);

}  // namespace calint::store
