#include "availability/slots.h"

#include <algorithm>
#include <bit>
#include <map>

#include "availability/choice.h"
#include "availability/slot_cursor.h"
#include "availability/zone_name.h"

namespace calint::availability {
namespace {

using std::chrono::days;

// Beyond the range: spans that begin on the day before, and the weeks in which interviews are counted, in any zone.
constexpr days kAround{10};

// One of the people asked, with what the request's rules make of their time.
struct Candidate {
  AskedPerson asked;
  PersonRules rules;
  PersonTime time;
  Counts load;  // by week of the request's zone
};

Span window_of(const SlotRequest& request) { return {request.range.start - kAround, request.range.end + kAround}; }

Person unknown_person(const std::string& user_id, const Span& window) {
  return {.user_id = user_id,
          .knowledge = {.status = Status::unknown, .reason = Reason::not_connected},
          .unknown = {window}};
}

Candidate candidate(const Person& person, const SlotRequest& request, const OrganizationRules& organization,
                    const WallClock& clock) {
  Candidate made{.asked = {person.user_id, person.knowledge, request.time_zone},
                 .rules = rules_for(person.user_id, request, organization)};
  WallClock own_clock = clock;
  if (!person.time_zone.empty()) {
    const auto zone = zone_name(person.time_zone);
    auto found = zone ? WallClock::of(*zone, window_of(request)) : std::nullopt;
    if (found) {
      made.asked.time_zone = *zone;
      own_clock = std::move(*found);
    } else if (made.asked.knowledge.reason == Reason::none) {
      made.asked.knowledge.reason = Reason::unknown_time_zone;
    }
  }
  if (made.asked.knowledge.status == Status::ok && overlaps(merge(person.unknown), request.range))
    made.asked.knowledge.status = Status::unknown;
  made.time = person_time(person, made.rules, own_clock);
  made.load = count_own(person, [&](SysTime at) { return week_of(std::chrono::floor<days>(clock.local(at))); });
  return made;
}

// Everybody of the groups once, in the order asked.
std::vector<Candidate> candidates(const SlotRequest& request, const OrganizationRules& organization,
                                  std::vector<Person> people, const WallClock& clock) {
  std::vector<Candidate> all;
  for (const NamedPerson& named : named_people(request)) {
    if (!named.asked) continue;
    auto found = std::find_if(people.begin(), people.end(),
                              [&](const Person& one) { return one.user_id == named.user_id; });
    if (found == people.end()) found = people.insert(found, unknown_person(named.user_id, window_of(request)));
    drop_refs(*found, request.ignore_refs);
    all.push_back(candidate(*found, request, organization, clock));
  }
  return all;
}

// Each group's members by their numbers among the candidates, in the order asked.
using Members = std::vector<std::vector<uint8_t>>;

Members members_of(const SlotRequest& request, const std::vector<Candidate>& people) {
  Members all;
  for (const Group& group : request.groups) {
    all.emplace_back();
    for (const std::string& id : group.user_ids) {
      const auto found =
          std::find_if(people.begin(), people.end(), [&](const Candidate& one) { return one.asked.user_id == id; });
      all.back().push_back(static_cast<uint8_t>(found - people.begin()));
    }
  }
  return all;
}

std::vector<Vacancies> vacancies_of(const SlotRequest& request, const Members& members) {
  std::vector<Vacancies> all;
  for (size_t g = 0; g < members.size(); ++g)
    if (!request.groups[g].optional) all.push_back({members[g], request.groups[g].required});
  return all;
}

// For each start who can.
std::vector<PeopleSet> who_is_free(const std::vector<GridStart>& starts, const std::vector<Candidate>& people) {
  std::vector<PeopleSet> free(starts.size(), 0);
  for (size_t number = 0; number < people.size(); ++number) {
    auto start = starts.begin();
    for (const Span& span : free_starts(people[number].time, people[number].rules)) {
      const auto before = [](const GridStart& one, SysTime at) { return one.at < at; };
      start = std::lower_bound(start, starts.end(), span.start, before);
      for (; start != starts.end() && start->at < span.end; ++start)
        free[start - starts.begin()] |= PeopleSet{1} << number;
    }
  }
  return free;
}

// The choice for a start. What it takes to find one is kept: most starts have the same people as the one before.
class Choosing {
 public:
  Choosing(const std::vector<Candidate>& people, std::vector<Vacancies> groups)
      : people_(people), chooser_(std::move(groups)), loads_(people.size()) {}

  std::optional<int> least_load(const GridStart& start, PeopleSet free) {
    if (turn_to(start) || !known_ || free != free_) {
      load_ = chooser_.least_load(free);
      free_ = free;
      known_ = true;
    }
    return load_;
  }
  Choice choose(const GridStart& start, PeopleSet free) {
    turn_to(start);
    return chooser_.choose(free);
  }

 private:
  // Whether the loads are others than before.
  bool turn_to(const GridStart& start) {
    const int64_t week = week_of(start.day);
    if (week_ == week) return false;
    week_ = week;
    for (size_t number = 0; number < people_.size(); ++number) {
      const auto found = people_[number].load.find(week);
      loads_[number] = found == people_[number].load.end() ? 0 : found->second;
    }
    chooser_.set_loads(loads_);
    return true;
  }

  const std::vector<Candidate>& people_;
  Chooser chooser_;
  std::vector<int> loads_;
  std::optional<int64_t> week_;
  bool known_ = false;
  PeopleSet free_ = 0;
  std::optional<int> load_;
};

// What the request itself has against a start.
class Conditions {
 public:
  Conditions(const SlotRequest& request, SysTime now) : request_(request), now_(now) {}

  std::optional<Why> against(SysTime start) const {
    if (start < now_) return Why::past;
    if (start < now_ + request_.min_notice) return Why::min_notice;
    if (request_.periods && !is_in_period({start, start + request_.duration})) return Why::periods;
    return std::nullopt;
  }

 private:
  bool is_in_period(const Span& slot) const {
    const Spans& periods = *request_.periods;
    const auto after = std::upper_bound(periods.begin(), periods.end(), slot.start,
                                        [](SysTime at, const Span& period) { return at < period.start; });
    return after != periods.begin() && slot.end <= std::prev(after)->end;
  }

  const SlotRequest& request_;
  SysTime now_;
};

int kind_of(const GridStart& start) {
  const minutes past_hour = start.minute % std::chrono::hours(1);
  return past_hour == minutes(0) ? 0 : past_hour == minutes(30) ? 1 : 2;
}

struct Found {
  SlotPlace place;
  size_t start;  // index
};

// The first ones of each day, in the order in which they are.
void keep_per_day(std::vector<Found>& found, const std::vector<GridStart>& starts, int most) {
  std::map<std::chrono::local_days, int> taken;
  std::erase_if(found, [&](const Found& one) { return ++taken[starts[one.start].day] > most; });
}

// Who is named for each group: whoever is chosen; for an optional one whoever is free and nowhere else.
Members named_of(const SlotRequest& request, const Members& members, const Choice& choice, PeopleSet free) {
  PeopleSet taken = 0;
  for (const PeopleSet chosen : choice) taken |= chosen;
  Members groups;
  size_t next = 0;
  for (size_t g = 0; g < members.size(); ++g) {
    const PeopleSet could = request.groups[g].optional ? free & ~taken : choice[next++];
    groups.emplace_back();
    for (const uint8_t number : members[g]) {
      const PeopleSet one = PeopleSet{1} << number;
      if ((could & one) == 0) continue;
      groups.back().push_back(number);
      taken |= one;
    }
  }
  return groups;
}

SlotPolicy policy_of(const SlotRequest& request, const OrganizationRules& organization) {
  return {.tentative = request.tentative.value_or(organization.tentative),
          .unanswered = request.unanswered.value_or(organization.unanswered),
          .unknown = request.unknown.value_or(organization.unknown),
          .working_hours = request.working_hours        ? HoursFrom::request
                           : organization.working_hours ? HoursFrom::organization
                                                        : HoursFrom::standard};
}

std::vector<PersonPart> explain_people(const std::vector<Candidate>& people, const Span& range) {
  std::vector<PersonPart> parts;
  for (size_t number = 0; number < people.size(); ++number)
    for (const Part& part : explain_person(people[number].time, people[number].rules, range))
      parts.push_back({number, part});
  return parts;
}

}  // namespace

SlotAnswer find_slots(const SlotRequest& request, const OrganizationRules& organization, std::vector<Person> people,
                      SysTime now) {
  const auto cursor = request.cursor.empty() ? std::nullopt : SlotCursor::parse(request.cursor, request.order);
  if (cursor) now = cursor->now;
  // The request's zone was looked up when it was parsed.
  SlotAnswer answer{.clock = WallClock::of(request.time_zone, window_of(request)).value()};
  const std::vector<Candidate> asked = candidates(request, organization, std::move(people), answer.clock);
  for (const Candidate& one : asked) answer.people.push_back(one.asked);

  const Span& range = request.range;
  const SysTime last_start = range.end - request.duration;
  const std::vector<GridStart> starts =
      grid_starts(answer.clock, request.step, {range.start, request.explain ? range.end : last_start + seconds(1)});
  const std::vector<PeopleSet> free = who_is_free(starts, asked);

  const Members members = members_of(request, asked);
  Choosing choosing(asked, vacancies_of(request, members));
  const Conditions conditions(request, now);
  std::vector<std::optional<Why>> why(request.explain ? starts.size() : 0);
  std::vector<Found> found;
  for (size_t at = 0; at < starts.size(); ++at) {
    std::optional<Why> against = conditions.against(starts[at].at);
    std::optional<int> load;
    if (!against && !(load = choosing.least_load(starts[at], free[at]))) against = Why::no_complete_choice;
    if (request.explain) why[at] = against;
    if (against || starts[at].at > last_start) continue;
    found.push_back({{0, 0, starts[at].at}, at});
    if (request.order == Order::best) found.back().place = {kind_of(starts[at]), *load, starts[at].at};
  }

  const auto earlier = [](const Found& a, const Found& b) { return a.place < b.place; };
  if (request.order == Order::best) std::sort(found.begin(), found.end(), earlier);
  if (request.per_day) keep_per_day(found, starts, *request.per_day);
  if (cursor) std::erase_if(found, [&](const Found& one) { return one.place <= cursor->last; });
  if (request.limit && found.size() > *request.limit) {
    found.resize(*request.limit);
    answer.next = SlotCursor{.now = now, .last = found.back().place}.text(request.order);
  }
  for (const Found& one : found) {
    const GridStart& start = starts[one.start];
    const Choice choice = choosing.choose(start, free[one.start]);
    answer.slots.push_back(
        {{start.at, start.at + request.duration}, named_of(request, members, choice, free[one.start])});
  }

  answer.policy = policy_of(request, organization);
  if (request.explain)
    answer.explanation = Explanation{explain_people(asked, range), explain_starts(starts, why, range.end)};
  return answer;
}

}  // namespace calint::availability
