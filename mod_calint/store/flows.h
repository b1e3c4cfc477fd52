// The once of an OAuth flow: its id is taken before its code is presented.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// How a flow ended: with a notice, or with the question whether what is connected may be replaced.
struct AskToSwitch {};
using FlowOutcome = std::variant<Notice, AskToSwitch>;
std::string_view to_string(const FlowOutcome& outcome);

struct FlowKey {
  std::string organization_id;
  std::string flow_id;
  std::string claim;  // of this request: tells its own insert from another's when an answer was lost
};

// How a flow that was already taken stands.
struct TakenFlow {
  std::string user_id;
  std::optional<FlowOutcome> outcome;  // null while it runs, or where it died
  std::chrono::seconds age{0};
};

// nullopt: taken by this call. Otherwise the flow was taken before.
Result<std::optional<TakenFlow>> take_flow(postgres::Pool& pool, const FlowKey& key, const std::string& user_id,
                                           Instant expires_at, Deadline deadline);

// Gives a taken flow back where its code surely wasn't presented.
Status release_flow(postgres::Pool& pool, const FlowKey& key, Deadline deadline);

// Notes how the flow ended, so that a reload leads to the same place.
Status end_flow(postgres::Pool& pool, const FlowKey& key, const FlowOutcome& outcome, Deadline deadline);

// The outcome that was stored with the flow that this claim took; nullopt where there is none. Waits for the user's
// lock and the flow's row, so that a transaction of this flow whose answer was lost has ended one way or the other.
Result<std::optional<FlowOutcome>> flow_outcome(postgres::Pool& pool, const FlowKey& key, const std::string& user_id,
                                                Deadline deadline);

}  // namespace calint::store
