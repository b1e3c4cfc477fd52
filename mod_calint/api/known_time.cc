#include "api/known_time.h"

#include "runtime/failure_log.h"

namespace calint::api {

std::variant<store::KnownTime, Response> known_time_of(const Context& context, Reach reach,
                                                       const std::vector<NamedUser>& users,
                                                       const availability::Span& range,
                                                       const std::optional<availability::Span>& ours) {
  std::vector<std::string> ids;
  for (const NamedUser& user : users) ids.push_back(user.user_id);
  auto known = store::read_known_time(context.runtime.pool(), context.caller.organization_id, ids, range, ours,
                                      context.call.deadline);
  if (!known) return context.fail(known.error());
  tell_database_works(context.runtime, context.call.log);
  std::vector<Problem> unknown, others;
  auto next = known->people.begin();
  for (const NamedUser& user : users) {
    if (next == known->people.end() || next->user_id != user.user_id) {
      unknown.push_back({user.pointer, "is not known here"});
      continue;
    }
    ++next;
    if (!context.caller.may_ask_for(reach, user.user_id))
      others.push_back({user.pointer, "is somebody else"});
  }
  if (!unknown.empty()) return context.refuse({.type = "not_found", .errors = std::move(unknown)});
  if (!others.empty())
    return context.refuse({.type = "forbidden",
                           .detail = "only schedulers and administrators may ask for others",
                           .errors = std::move(others)});
  return std::move(*known);
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
