#include "api/availability.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>

#include "api/known_time.h"
#include "api/media_type.h"
#include "store/syncs.h"

namespace calint::api {
namespace {

using availability::kLongestRange;
using availability::kMostPeople;
using availability::Span;
using availability::SysTime;
using availability::UserAvailability;

constexpr size_t kLongestId = 255;
constexpr std::string_view kCalendar = "text/calendar";

// Twice asked is once answered.
std::vector<NamedUser> once_each(const std::vector<std::string>& user_ids, std::string_view pointer,
                                 Problems& problems) {
  std::vector<NamedUser> users;
  std::set<std::string_view> known;
  for (size_t at = 0; at < user_ids.size(); ++at)
    if (known.insert(user_ids[at]).second) users.push_back({user_ids[at], fmt::format("{}/{}", pointer, at)});
  if (users.size() > kMostPeople) problems.add(std::string(pointer), "names more than 50 people");
  return users;
}

Span range_of(const std::optional<SysTime>& from, const std::optional<SysTime>& to, Problems& problems) {
  if (!from || !to) return {};
  if (*to <= *from) problems.add("/to", "is not after from");
  else if (*to - *from > kLongestRange) problems.add("/to", "is more than 91 days after from");
  return {*from, *to};
}

// What is asked.
struct Asked {
  std::vector<NamedUser> users;
  Span range;
  bool fresh = false;
};

// Has the background read these people's calendars, and waits until it has, if one more request of the node may be held
// back; whether one may have been read. No connection to the database is held meanwhile.
Result<bool> freshen(const Context& context, const std::vector<NamedUser>& users) {
  constexpr std::chrono::milliseconds pause{200}, reserve{1500};
  std::vector<std::string> ids;
  for (const NamedUser& user : users) ids.push_back(user.user_id);
  const Deadline held = context.call.deadline.leaving(reserve);
  NodeSlots::Slot slot;
  while (true) {
    auto waiting = store::freshen_syncs(context.runtime.pool(), context.caller.organization_id, ids,
                                        context.call.deadline);
    if (!waiting) return std::move(waiting).error();
    if (*waiting == 0 || held.passed()) return bool(slot);
    if (!slot) slot = context.runtime.hold_back();
    if (!slot) return false;
    std::this_thread::sleep_for(std::min(pause, held.remaining()));
  }
}

Response answer(const Context& context, Reach reach, const Asked& asked) {
  const auto& [users, range, fresh] = asked;
  auto found = known_time_of(context, reach, users, range);
  if (fresh && std::holds_alternative<store::KnownTime>(found)) {
    auto was_read = freshen(context, users);
    if (!was_read) return context.fail(was_read.error());
    if (*was_read) found = known_time_of(context, reach, users, range);
  }
  if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
  const store::KnownTime& known = std::get<store::KnownTime>(found);
  const availability::OrganizationRules rules = rules_of(context.runtime, known.settings);
  const SysTime now = now_of(context.runtime);
  std::vector<UserAvailability> answers;
  for (const availability::PersonRead& person : known.people)
    answers.push_back(availability_of(person, range, rules, ages_of(context.runtime), now));
  const std::string& accept = context.call.request.accept;
  if (quality(accept, kCalendar) > quality(accept, "application/json"))
    return tagged(context.call, "text/calendar; charset=utf-8; component=vfreebusy", to_icalendar(answers, range, now),
                  to_icalendar(answers, range, SysTime()));
  return tagged(context.call, "application/json", to_json(answers) + "\n");
}

}  // namespace

Response availability_by_query(const Context& context, Reach reach) {
  Query& query = context.query;
  Problems& problems = query.problems();
  const std::vector<std::string> user_ids = query.texts("user_id", 2 * kMostPeople, kLongestId);
  if (user_ids.empty()) problems.add("/user_id", "is needed, once at least");
  const auto from = query.time("from"), to = query.time("to");
  const auto fresh = query.number("fresh", 0, 1);
  for (const char* name : {"from", "to"})
    if (!query.has(name)) problems.add(json_pointer("", name), "is needed");
  query.refuse_others();
  const Asked asked{.users = once_each(user_ids, "/user_id", problems),
                    .range = range_of(from, to, problems),
                    .fresh = fresh == 1};
  return problems.empty() ? answer(context, reach, asked) : context.refuse(problems);
}

Response availability_by_body(const Context& context, Reach reach) {
  Problems& problems = context.query.problems();
  context.query.refuse_others();
  const Json tree = parse_json(context.call.request.body.reveal(), {}, problems);
  if (!tree) return context.refuse(problems);
  JsonMembers members({tree.get(), "", problems});
  std::vector<std::string> user_ids;
  const JsonPlace people = members.needed("user_ids");
  for (const JsonPlace& id : people.elements()) {
    if (!id) id.wrong("is not a user's id");
    user_ids.push_back(id.text(kLongestId).value_or(""));
  }
  if (json_is_array(people.value()) && user_ids.empty()) people.wrong("names nobody");
  const auto from = members.needed("from").time(), to = members.needed("to").time();
  const bool fresh = members.optional("fresh").boolean().value_or(false);
  members.refuse_others();
  const Asked asked{.users = once_each(user_ids, "/user_ids", problems),
                    .range = range_of(from, to, problems),
                    .fresh = fresh};
  return problems.empty() ? answer(context, reach, asked) : context.refuse(problems);
}

}  // namespace calint::api
