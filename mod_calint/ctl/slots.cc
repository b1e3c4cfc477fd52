#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "availability/people_json.h"
#include "availability/slots.h"
#include "availability/slots_json.h"
#include "base/rfc3339.h"
#include "ctl/command.h"
#include "ctl/input_file.h"

namespace calint::ctl {
namespace {

using availability::SlotAnswer;
using availability::SysTime;

// A line for each: "groups/0/required: ...". `where` comes before it, where it isn't the request.
int refuse(std::string_view where, const Problems& problems) {
  for (const Problem& problem : problems.found()) {
    const std::string_view pointer = std::string_view(problem.pointer).substr(problem.pointer.empty() ? 0 : 1);
    fmt::print(stderr, "{}{}{}{}\n", where, pointer, pointer.empty() ? "" : ": ", problem.detail);
  }
  return kUsage;
}

Problems missing_people(const availability::SlotRequest& request, const std::vector<availability::Person>& people) {
  Problems problems;
  for (const availability::NamedPerson& named : availability::named_people(request)) {
    const auto is_same = [&](const availability::Person& person) { return person.user_id == named.user_id; };
    if (std::none_of(people.begin(), people.end(), is_same)) problems.add(named.pointer, "is not among the people");
  }
  return problems;
}

std::string names(const SlotAnswer& answer, const std::vector<uint8_t>& group) {
  std::string text;
  for (const uint8_t number : group) text += (text.empty() ? "" : ", ") + answer.people[number].user_id;
  return text.empty() ? "-" : text;
}

void print_table(const SlotAnswer& answer) {
  for (const availability::Slot& slot : answer.slots) {
    const std::string start = rfc3339_text(slot.span.start, answer.clock.offset(slot.span.start));
    const std::string end = rfc3339_text(slot.span.end, answer.clock.offset(slot.span.end));
    fmt::print("{}  {}", start, end);
    for (const auto& group : slot.people) fmt::print("  {}", names(answer, group));
    fmt::print("\n");
  }
  if (answer.slots.empty()) fmt::print("no slots\n");
  if (answer.next) fmt::print("more with the cursor {}\n", *answer.next);
  for (const auto& [user_id, knowledge, zone] : answer.people) {
    const std::string_view reason = to_string(knowledge.reason);
    if (knowledge.status == availability::Status::ok && reason.empty()) continue;
    fmt::print("{}: {}{}{}\n", user_id, to_string(knowledge.status), reason.empty() ? "" : ", ", reason);
  }
  if (!answer.explanation) return;
  const auto print_part = [&](std::string_view who, const availability::Part& part) {
    fmt::print("{}  {}  {}  {}\n", rfc3339_text(part.span.start, answer.clock.offset(part.span.start)),
               rfc3339_text(part.span.end, answer.clock.offset(part.span.end)), who, to_string(part.why));
  };
  fmt::print("not free\n");
  for (const availability::PersonPart& one : answer.explanation->people)
    print_part(answer.people[one.person].user_id, one.part);
  fmt::print("not offered\n");
  for (const availability::Part& part : answer.explanation->request) print_part("request", part);
}

}  // namespace

int slots(const Options& options, const SlotsCommand& command) {
  if (command.request_file == "-" && command.people_file == "-")
    return report(options, Error{.fault = Fault::bad_input, .what = "only one of --request and --people can be \"-\""});
  const auto now = parse_rfc3339(command.now);
  if (!now) return report(options, Error{.fault = Fault::bad_input, .what = "--now is not a time with an offset"});
  const auto request_text = read_input(command.request_file);
  if (!request_text) return report(options, request_text.error());
  const auto people_text = read_input(command.people_file);
  if (!people_text) return report(options, people_text.error());

  const availability::ParsedSlotRequest request = availability::parse_slot_request(*request_text);
  availability::ParsedPeople people = availability::parse_people(*people_text);
  if (!request.problems.empty()) refuse("", request.problems);
  if (!people.problems.empty()) refuse("--people: ", people.problems);
  if (!request.problems.empty() || !people.problems.empty()) return kUsage;
  if (const Problems missing = missing_people(request.request, people.people); !missing.empty())
    return refuse("", missing);

  const SlotAnswer answer = availability::find_slots(request.request, {}, std::move(people.people), *now);
  if (options.json)
    fmt::print("{}\n", availability::to_json(answer));
  else
    print_table(answer);
  return kDone;
}

}  // namespace calint::ctl
