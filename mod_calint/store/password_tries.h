// How often a password may be tried against a provider: counted in the database, so that the limit holds over all
// nodes and also through a kill -9.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

// Whose tries are counted, and how many are allowed within an hour.
struct TryLimit {
  std::string organization_id;  // '' for what belongs to the installation
  std::string subject;          // a keyed hash: nobody is named
  int most = 0;
};

// Counts a try with each of `limits`, and returns nullopt. Where one of them is reached, none is counted and it
// returns after how many seconds the next try is allowed, at least 1.
Result<std::optional<std::chrono::seconds>> count_try(postgres::Pool& pool, const std::vector<TryLimit>& limits,
                                                      Deadline deadline);

// Takes a counted try back: the provider didn't get to judge the password.
Status forget_try(postgres::Pool& pool, const std::vector<TryLimit>& limits, Deadline deadline);

}  // namespace calint::store
