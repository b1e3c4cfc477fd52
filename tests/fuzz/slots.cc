// availability: a request for slots and the people of `calintctl slots`, one behind the other, and the answer to both.
#include <algorithm>
#include <set>

#include "availability/people_json.h"
#include "availability/slot_cursor.h"
#include "availability/slots.h"
#include "availability/slots_json.h"
#include "base/rfc3339.h"
#include "fuzz.h"

using namespace calint;
using namespace calint::availability;

namespace {

constexpr std::string_view kApart = "\n---\n";

void check_problems(const Problems& problems, const Problems& other) {
  MUST(problems.found().size() <= Problems::kMost + 1 && problems.found().size() == other.found().size());
  for (size_t at = 0; at < problems.found().size(); ++at) {
    const auto& [pointer, detail] = problems.found()[at];
    MUST(pointer.empty() || pointer.front() == '/');
    MUST(!detail.empty() && detail == other.found()[at].detail);  // has nothing of the input
  }
}

void check_hours(const WeekHours& week) {
  for (const DayHours& day : week)
    for (const DaySpan& span : day) MUST(span.start >= minutes(0) && span.start < kMidnight && span.end <= kMidnight);
}

void check_request(const SlotRequest& request) {
  MUST(!request.groups.empty() && request.groups.size() <= kMostGroups);
  std::set<std::string> everybody;
  for (const Group& group : request.groups) {
    const std::set<std::string> ids(group.user_ids.begin(), group.user_ids.end());
    MUST(ids.size() == group.user_ids.size() && group.required >= 1 && group.required <= ids.size());
    everybody.insert(ids.begin(), ids.end());
  }
  MUST(everybody.size() <= kMostPeople);
  MUST(request.range.start < request.range.end && request.range.end - request.range.start <= kLongestRange);
  MUST(request.duration >= minutes(5) && request.duration <= kMidnight);
  MUST(request.step >= minutes(1) && request.step <= kMidnight);
  if (request.working_hours) check_hours(*request.working_hours);
  for (const auto& [id, rules] : request.people)
    if (rules.working_hours) check_hours(*rules.working_hours);
}

void check_answer(const SlotRequest& request, const SlotAnswer& answer) {
  MUST(answer.slots.size() <= *request.limit);
  MUST(answer.explanation.has_value() == request.explain);
  std::set<SysTime> starts;
  for (const Slot& slot : answer.slots) {
    MUST(request.range.start <= slot.span.start && slot.span.end <= request.range.end);
    MUST(slot.span.end - slot.span.start == request.duration && starts.insert(slot.span.start).second);
    MUST(slot.people.size() == request.groups.size());
    std::set<uint8_t> chosen;
    for (size_t g = 0; g < slot.people.size(); ++g) {
      MUST(request.groups[g].optional || slot.people[g].size() == request.groups[g].required);
      for (const uint8_t number : slot.people[g]) MUST(number < answer.people.size() && chosen.insert(number).second);
    }
  }
  if (answer.next) MUST(SlotCursor::parse(*answer.next, request.order));
  Problems none;
  MUST(parse_json(to_json(answer), {.bytes = 1 << 30, .values = 10'000'000}, none) != nullptr);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const size_t end = std::min(input.find(kApart), input.size());
  const std::string_view request_text = input.substr(0, end);
  const std::string_view people_text = input.substr(std::min(end + kApart.size(), input.size()));

  if (input.find(fuzz::with_other_secret("s3cret-A")) != std::string_view::npos) return 0;  // two could become one

  ParsedSlotRequest request = parse_slot_request(request_text);
  check_problems(request.problems, parse_slot_request(fuzz::with_other_secret(request_text)).problems);
  ParsedPeople people = parse_people(people_text);
  check_problems(people.problems, parse_people(fuzz::with_other_secret(people_text)).problems);
  if (!request.problems.empty()) return 0;
  check_request(request.request);

  // Small enough to be run thousands of times a second.
  SlotRequest& asked = request.request;
  asked.range.end = std::min(asked.range.end, asked.range.start + std::chrono::days(2));
  asked.limit = std::min<size_t>(asked.limit.value_or(20), 20);
  const auto now = std::chrono::floor<seconds>(fuzz::kNow);
  check_answer(asked, find_slots(asked, {}, people.problems.empty() ? people.people : std::vector<Person>{}, now));
  return 0;
}
