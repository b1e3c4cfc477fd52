#include "store/flows.h"

#include "store/commits.h"
#include "store/sql/flows.h"
#include "store/sql/users.h"

namespace calint::store {
namespace {

constexpr std::string_view kAskToSwitch = "switch";

std::optional<FlowOutcome> outcome_in(const postgres::Rows& rows) {
  const std::string name = rows.maybe_text(0, "outcome").value_or("");
  if (name == kAskToSwitch) return AskToSwitch();
  if (const auto notice = parse_notice(name)) return *notice;
  return std::nullopt;
}

// What a second sight of the flow finds; nullopt where the row is this claim's own.
Result<std::optional<TakenFlow>> look_at(postgres::Pool& pool, const FlowKey& key, Deadline deadline) {
  auto rows = pool.query(sql::look_at_flow{.organization_id = key.organization_id, .flow_id = key.flow_id}, deadline);
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return Error{.fault = Fault::unavailable, .what = "the flow could not be taken"};
  if (rows->text(0, "claim") == key.claim) return std::optional<TakenFlow>();
  return std::optional<TakenFlow>(TakenFlow{.user_id = std::string(rows->text(0, "user_id")),
                                            .outcome = outcome_in(*rows),
                                            .age = std::chrono::seconds(rows->integer(0, "age"))});
}

}  // namespace

std::string_view to_string(const FlowOutcome& outcome) {
  const Notice* notice = std::get_if<Notice>(&outcome);
  return notice != nullptr ? to_string(*notice) : kAskToSwitch;
}

Result<std::optional<TakenFlow>> take_flow(postgres::Pool& pool, const FlowKey& key, const std::string& user_id,
                                           Instant expires_at, Deadline deadline) {
  auto taken = pool.query(sql::take_flow{.organization_id = key.organization_id,
                                         .flow_id = key.flow_id,
                                         .claim = key.claim,
                                         .user_id = user_id,
                                         .expires_at = expires_at},
                          deadline, commits::kTakenFlow);
  if (taken && taken->affected() == 1) return std::optional<TakenFlow>();
  // Taken before, or the answer to the insert was lost: the row tells which.
  if (!taken && taken.error().fault != Fault::in_doubt) return std::move(taken).error();
  return look_at(pool, key, deadline);
}

Status release_flow(postgres::Pool& pool, const FlowKey& key, Deadline deadline) {
  return status_of(pool.query(
      sql::release_flow{.organization_id = key.organization_id, .flow_id = key.flow_id, .claim = key.claim}, deadline,
      commits::kFlowOutcome));
}

Status end_flow(postgres::Pool& pool, const FlowKey& key, const FlowOutcome& outcome, Deadline deadline) {
  return status_of(pool.query(sql::end_flow{.outcome = to_string(outcome),
                                            .organization_id = key.organization_id,
                                            .flow_id = key.flow_id,
                                            .claim = key.claim},
                              deadline, commits::kFlowOutcome));
}

Result<std::optional<FlowOutcome>> flow_outcome(postgres::Pool& pool, const FlowKey& key, const std::string& user_id,
                                                Deadline deadline) {
  auto results = pool.transaction(
      {sql::lock_user{.organization_id = key.organization_id, .user_id = user_id},
       sql::flow_outcome{.organization_id = key.organization_id, .flow_id = key.flow_id, .claim = key.claim}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& flow = (*results)[1];
  return flow.empty() ? std::optional<FlowOutcome>() : outcome_in(flow);
}

}  // namespace calint::store
