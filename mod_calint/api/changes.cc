#include "api/changes.h"

#include <algorithm>
#include <limits>
#include <thread>

#include "base/rfc3339.h"
#include "store/changes.h"

namespace calint::api {
namespace {

// What there is to say of an interview's is an object.
JsonValue detail_of(const store::Change& change) {
  return change.detail && change.change.starts_with("event_") ? JsonText(*change.detail) : JsonValue(change.detail);
}

JsonObject as_json(const store::Change& change) {
  JsonObject object;
  object.add("id", std::to_string(change.number))
      .add("user_id", change.user_id)
      .add("integration_id",
           change.integration_id ? JsonValue(std::to_string(*change.integration_id)) : JsonValue(nullptr))
      .add("change", change.change)
      .add("status", change.status)
      .add("detail", detail_of(change))
      .add("created_at", rfc3339_text(std::chrono::floor<std::chrono::seconds>(change.created_at)));
  return object;
}

// How often an answer that is held back looks again.
constexpr std::chrono::milliseconds kPause{500};

// Those behind `after`. While there is none, looks again until `held` is over, if one more request of the node may be
// held back; no connection to the database is held meanwhile.
Result<store::Changes> find(const Context& context, int64_t after, int most, Deadline held) {
  NodeSlots::Slot slot;
  while (true) {
    auto found = store::changes_after(context.runtime.pool(), context.caller.organization_id, after, most,
                                      context.call.deadline);
    if (!found || !found->changes.empty() || after < found->gone || held.passed()) return found;
    if (!slot) slot = context.runtime.hold_back();
    if (!slot) return found;
    std::this_thread::sleep_for(std::min(kPause, held.remaining()));
  }
}

}  // namespace

Response changes(const Context& context, Reach) {
  Query& query = context.query;
  const auto after = query.number("after", 0, std::numeric_limits<int64_t>::max());
  const auto limit = query.number("limit", 1, 1000);
  const auto wait = query.number("wait", 0, 4);
  query.refuse_others();
  if (!query.problems().empty()) return context.refuse(query.problems());
  auto found = find(context, after.value_or(0), static_cast<int>(limit.value_or(100)),
                    Deadline::in(std::chrono::seconds(wait.value_or(0))));
  if (!found) return context.fail(found.error());
  if (after && *after < found->gone) return context.refuse({.type = "changes_gone"});
  int64_t next = after.value_or(found->gone);
  JsonArray list;
  for (const store::Change& change : found->changes) {
    list.add(as_json(change));
    next = change.number;
  }
  return json(200, JsonObject().add("changes", list).add("next", std::to_string(next)).text());
}

}  // namespace calint::api
