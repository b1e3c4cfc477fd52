#include "store/used_states.h"

#include "store/statements.h"

namespace calint::store {
namespace {

// What a second sight of the flow finds; nullopt where the row is this claim's own.
Result<std::optional<TakenFlow>> look_at(postgres::Pool& pool, const FlowKey& key, Deadline deadline) {
  auto rows = pool.query({"SELECT claim, user_id, outcome, extract(epoch FROM now() - created_at)::bigint AS age"
                          " FROM calendar_used_states WHERE organization_id = $1 AND flow_id = $2",
                          {key.organization_id, key.flow_id}},
                         deadline);
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return Error{.fault = Fault::unavailable, .what = "the flow could not be taken"};
  if (rows->text(0, "claim") == key.claim) return std::optional<TakenFlow>();
  return std::optional<TakenFlow>(TakenFlow{.user_id = std::string(rows->text(0, "user_id")),
                                            .outcome = rows->maybe_text(0, "outcome").value_or(""),
                                            .age = std::chrono::seconds(rows->integer(0, "age"))});
}

}  // namespace

Result<std::optional<TakenFlow>> take_flow(postgres::Pool& pool, const FlowKey& key, const std::string& user_id,
                                           Instant expires_at, Deadline deadline) {
  auto taken = pool.query({"INSERT INTO calendar_used_states (organization_id, flow_id, claim, user_id, expires_at)"
                           " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                           {key.organization_id, key.flow_id, key.claim, user_id, expires_at}},
                          deadline);
  if (taken && taken->affected() == 1) return std::optional<TakenFlow>();
  // Taken before, or the answer to the insert was lost: the row tells which.
  if (!taken && taken.error().fault != Fault::in_doubt) return std::move(taken).error();
  return look_at(pool, key, deadline);
}

Status release_flow(postgres::Pool& pool, const FlowKey& key, Deadline deadline) {
  auto rows = pool.query({"DELETE FROM calendar_used_states"
                          " WHERE organization_id = $1 AND flow_id = $2 AND claim = $3 AND outcome IS NULL",
                          {key.organization_id, key.flow_id, key.claim}},
                         deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

Status end_flow(postgres::Pool& pool, const FlowKey& key, const std::string& outcome, Deadline deadline) {
  auto rows = pool.query({"UPDATE calendar_used_states SET outcome = $4"
                          " WHERE organization_id = $1 AND flow_id = $2 AND claim = $3",
                          {key.organization_id, key.flow_id, key.claim, outcome}},
                         deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

Result<std::string> flow_outcome(postgres::Pool& pool, const FlowKey& key, const std::string& user_id, Deadline deadline) {
  auto results = pool.transaction(
      {lock_user(key.organization_id, user_id),
       {"SELECT outcome FROM calendar_used_states WHERE organization_id = $1 AND flow_id = $2 FOR SHARE",
        {key.organization_id, key.flow_id}}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& flow = (*results)[1];
  return flow.empty() ? std::string() : flow.maybe_text(0, "outcome").value_or("");
}

}  // namespace calint::store
