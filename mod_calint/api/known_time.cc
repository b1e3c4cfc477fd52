#include "api/known_time.h"

#include <algorithm>
#include <set>

#include "base/rfc3339.h"
#include "store/users.h"

namespace calint::api {
namespace {

// The whole call is refused for whoever isn't among those who are known.
std::optional<Response> refuse_unknown(const Context& context, const std::vector<NamedUser>& users,
                                       const std::vector<std::string>& known) {
  std::vector<Problem> unknown;
  for (const NamedUser& user : users)
    if (std::ranges::find(known, user.user_id) == known.end()) unknown.push_back({user.pointer, "is not known here"});
  if (unknown.empty()) return std::nullopt;
  return context.refuse({.type = "not_found", .errors = std::move(unknown)});
}

// And for somebody whom this caller may not ask for: of them nothing is read but whether they are known.
std::optional<Response> refuse_others(const Context& context, Reach reach, const std::vector<NamedUser>& users,
                                      const std::vector<std::string>& ids) {
  std::vector<Problem> others;
  for (const NamedUser& user : users)
    if (!context.caller.may_ask_for(reach, user.user_id)) others.push_back({user.pointer, "is somebody else"});
  if (others.empty()) return std::nullopt;
  auto known = store::find_active_users(context.runtime.pool(), context.caller.organization_id, ids,
                                        context.call.deadline);
  if (!known) return context.fail(known.error());
  if (auto refused = refuse_unknown(context, users, *known)) return refused;
  return context.refuse({.type = "forbidden",
                         .detail = "only schedulers and administrators may ask for others",
                         .errors = std::move(others)});
}

}  // namespace

std::vector<NamedUser> named_users(const JsonPlace& place) {
  std::vector<NamedUser> users;
  std::set<std::string> known;
  for (const JsonPlace& id : place.elements()) {
    if (!id) id.wrong("is not a user's id");
    const auto text = id.text(kLongestUserId);
    if (text && !known.insert(*text).second) id.wrong("stands twice");
    if (text) users.push_back({*text, id.pointer()});
  }
  const size_t count = json_array_size(place.value());
  if (json_is_array(place.value()) && (count == 0 || count > availability::kMostPeople))
    place.wrong("has to be 1 to 50 people");
  return users;
}

std::variant<store::KnownTime, Response> known_time_of(const Context& context, Reach reach,
                                                       const std::vector<NamedUser>& users,
                                                       const availability::Span& range,
                                                       const std::optional<availability::Span>& ours) {
  std::vector<std::string> ids;
  for (const NamedUser& user : users) ids.push_back(user.user_id);
  if (auto refused = refuse_others(context, reach, users, ids)) return std::move(*refused);
  auto known = store::read_known_time(context.runtime.pool(), context.caller.organization_id, ids, range, ours,
                                      context.call.deadline);
  if (!known) return context.fail(known.error());
  std::vector<std::string> known_ids;
  for (const availability::PersonRead& person : known->people) known_ids.push_back(person.user_id);
  if (auto refused = refuse_unknown(context, users, known_ids)) return std::move(*refused);
  return std::move(*known);
}

JsonArray warnings_of(const Context& context, const std::vector<availability::PersonRead>& people,
                      const availability::Span& time) {
  JsonArray warnings;
  for (const availability::PersonRead& person : people)
    for (const auto& [span, reason] : assess(person, time, ages_of(context.runtime), now_of(context.runtime)).unknown)
      warnings.add(JsonObject()
                       .add("user_id", person.user_id)
                       .add("start", rfc3339_text(span.start))
                       .add("end", rfc3339_text(span.end))
                       .add("reason", availability::to_string(reason)));
  return warnings;
}

availability::OrganizationRules rules_of(const Runtime& runtime, const store::OrganizationSettings& settings) {
  using availability::Rule;
  const Rule unknown = runtime.settings().unknown_is_free ? Rule::free : Rule::busy;
  return {.working_hours = settings.working_hours,
          .dates = settings.dates.value_or(availability::DateHours()),
          .buffer_before = settings.buffer_before.value_or(std::chrono::minutes(0)),
          .buffer_after = settings.buffer_after.value_or(std::chrono::minutes(0)),
          .tentative = settings.tentative.value_or(Rule::busy),
          .unanswered = settings.unanswered.value_or(Rule::busy),
          .unknown = settings.unknown.value_or(unknown)};
}

availability::Ages ages_of(const Runtime& runtime) {
  return {.stale_after = runtime.settings().stale_after, .unknown_after = runtime.settings().expiry_grace};
}

availability::SysTime now_of(const Runtime& runtime) { return std::chrono::floor<std::chrono::seconds>(runtime.now()); }

}  // namespace calint::api
