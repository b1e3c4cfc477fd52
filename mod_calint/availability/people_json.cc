#include "availability/people_json.h"

#include <array>
#include <set>

namespace calint::availability {
namespace {

constexpr size_t kLongestText = 255;
// What somebody's machine has in a file: 50 people with ten thousand appointments each.
constexpr JsonLimits kLimits{.bytes = 64 * 1024 * 1024, .levels = 16, .values = 4'000'000};

// [start, end, ...], with as many more elements as `most` allows.
std::optional<Span> span(const JsonPlace& place, const std::vector<JsonPlace>& parts, size_t least, size_t most) {
  if (parts.size() < least || parts.size() > most) {
    if (json_is_array(place.value())) place.wrong("has too few or too many parts");
    else if (!place) place.wrong("is not a list");
    return std::nullopt;
  }
  for (const JsonPlace& part : {parts[0], parts[1]})
    if (!part) part.wrong("is needed");
  const auto start = parts[0].time(), end = parts[1].time();
  if (!start || !end) return std::nullopt;
  if (*end < *start) parts[1].wrong("is before the start");
  return Span{*start, *end};
}

std::string ref(const std::vector<JsonPlace>& parts, size_t at) {
  return at < parts.size() ? parts[at].text(kLongestText).value_or("") : "";
}

BusyTime busy_time(const JsonPlace& place) {
  const std::vector<JsonPlace> parts = place.elements();
  const auto when = span(place, parts, 3, 4);
  if (!when) return {};
  if (!parts[2]) parts[2].wrong("is needed");
  const size_t kind = parts[2].one_of({"busy", "tentative", "unanswered", "oof"}).value_or(0);
  constexpr std::array kKinds = {calendar::Kind::busy, calendar::Kind::tentative, calendar::Kind::unanswered,
                                 calendar::Kind::oof};
  return {*when, kKinds[kind], ref(parts, 3)};
}

OwnTime own_time(const JsonPlace& place, bool needs_ref) {
  const std::vector<JsonPlace> parts = place.elements();
  const auto when = span(place, parts, needs_ref ? 3 : 2, 3);
  if (!when) return {};
  if (needs_ref && !parts[2]) parts[2].wrong("is needed");
  return {*when, ref(parts, 2)};
}

Person person(const JsonPlace& place) {
  Person made;
  JsonMembers members(place);
  made.user_id = members.needed("user_id").text(kLongestText).value_or("");
  if (const JsonPlace zone = members.optional("time_zone")) {
    // Whatever stands in somebody's table: a name that nobody knows counts as none.
    if (const auto name = string_value(zone.value())) made.time_zone = *name;
    else zone.wrong("is not a text");
  }
  for (const JsonPlace& one : members.optional("busy").elements()) made.busy.push_back(busy_time(one));
  for (const JsonPlace& one : members.optional("unknown").elements())
    if (const auto when = span(one, one.elements(), 2, 2)) made.unknown.push_back(*when);
  for (const JsonPlace& one : members.optional("interviews").elements()) made.interviews.push_back(own_time(one, true));
  for (const JsonPlace& one : members.optional("holds").elements()) made.holds.push_back(own_time(one, false));
  members.refuse_others();
  return made;
}

}  // namespace

ParsedPeople parse_people(std::string_view json) {
  ParsedPeople parsed;
  const Json tree = parse_json(json, kLimits, parsed.problems);
  if (!tree) return parsed;
  const JsonPlace all(tree.get(), "", parsed.problems);
  if (!all) all.wrong("is not a list");
  std::set<std::string> known;
  for (const JsonPlace& place : all.elements()) {
    parsed.people.push_back(person(place));
    const std::string& id = parsed.people.back().user_id;
    if (!id.empty() && !known.insert(id).second)
      parsed.problems.add(json_pointer(place.pointer(), "user_id"), "stands twice");
  }
  return parsed;
}

}  // namespace calint::availability
