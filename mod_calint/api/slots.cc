#include "api/slots.h"

#include <algorithm>

#include "api/known_time.h"
#include "availability/slots.h"
#include "availability/slots_json.h"

namespace calint::api {
namespace {

constexpr size_t kSlotsOnAPage = 100;

// Buffers of the organisation widen what has to be known, and are read with it: so the widest there can be is read.
availability::NeededTime widest(const availability::SlotRequest& request) {
  const availability::OrganizationRules rules{.buffer_before = std::chrono::hours(24),
                                              .buffer_after = std::chrono::hours(24)};
  return availability::needed_time(request, rules);
}

}  // namespace

Response slots(const Context& context, Reach reach) {
  Problems& problems = context.query.problems();
  context.query.refuse_others();
  availability::ParsedSlotRequest parsed = availability::parse_slot_request(context.call.request.body.reveal());
  for (const Problem& problem : parsed.problems.found()) problems.add(problem.pointer, problem.detail);
  if (!problems.empty()) return context.refuse(problems);
  availability::SlotRequest& request = parsed.request;
  if (!request.limit) request.limit = kSlotsOnAPage;

  std::vector<NamedUser> users;
  for (const availability::NamedPerson& named : availability::named_people(request))
    users.push_back({named.user_id, named.pointer});
  const availability::NeededTime needed_at_most = widest(request);
  auto found = known_time_of(context, reach, users, needed_at_most.busy, needed_at_most.ours);
  if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
  store::KnownTime& known = std::get<store::KnownTime>(found);
  const availability::OrganizationRules rules = rules_of(context.runtime, known.settings);
  const availability::Span needed = availability::needed_time(request, rules).busy;
  const availability::SysTime now = now_of(context.runtime);
  std::vector<availability::Person> people;
  for (availability::PersonRead& person : known.people)
    people.push_back(person_of(std::move(person), request.range, needed, ages_of(context.runtime), now));
  return json(200, availability::to_json(availability::find_slots(request, rules, std::move(people), now)));
}

}  // namespace calint::api
