// What background work is due, and in which lanes.
//
// A lane is what a node must have to do a job: a provider ("google"), and where a job needs the server's OAuth client,
// that one too ("google/17", the client's row). What needs an organisation's own client, or none, is any node's that
// has the provider. The database names a job's lane (calint_lane()).
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/provider_id.h"
#include "postgres/pool.h"
#include "store/breakers.h"

namespace calint::store {

using KindsInLanes = std::set<std::pair<std::string, std::string>>;  // each a kind and a lane

// What is due now, and when something will be.
struct Due {
  KindsInLanes jobs;                                   // of those that were asked for
  std::set<std::string> chores;                        // one node's, in calendar_chores
  std::vector<Breaker> breakers;                       // all, whomever they concern
  std::chrono::milliseconds next{0};                   // until the next of these jobs; at most an hour

  bool has(std::string_view kind, std::string_view lane) const {
    return jobs.contains({std::string(kind), std::string(lane)});
  }
  bool has(std::string_view chore) const { return chores.contains(std::string(chore)); }
};
// `kinds` as in calendar_jobs; `lanes`: those whose work the caller can do, but for what is `held` there. What somebody
// is at work on isn't due.
Result<Due> what_is_due(postgres::Pool& pool, const std::vector<std::string>& kinds,
                        const std::vector<std::string>& lanes, const KindsInLanes& held, Deadline deadline);

struct Lane {
  ProviderId provider = ProviderId::google;
  std::string name;
};
// Of the server's OAuth clients, each a provider and a client_id. None of one that nobody has connected through yet.
Result<std::vector<Lane>> client_lanes(postgres::Pool& pool,
                                       const std::vector<std::pair<ProviderId, std::string>>& clients,
                                       Deadline deadline);

struct LaneWithWork {
  std::string name;
  std::optional<std::string> client_id;  // of the server's OAuth client that it needs
};
// Every lane in which something of these kinds is due, whoever can do it; none of a breaker's own.
Result<std::vector<LaneWithWork>> lanes_with_work(postgres::Pool& pool, const std::vector<std::string>& kinds,
                                                  Deadline deadline);

}  // namespace calint::store
