#include "availability/slot_request.h"

#include <algorithm>
#include <set>

#include "availability/hours_json.h"
#include "availability/slot_cursor.h"
#include "availability/zone_name.h"

namespace calint::availability {
namespace {

constexpr size_t kLongestId = 255;
constexpr size_t kLongestZone = 128;

template <typename T>
std::optional<T> number(const JsonPlace& place, int64_t least, int64_t most) {
  const auto value = place.whole_number(least, most);
  if (!value) return std::nullopt;
  return T(*value);
}

std::optional<Rule> rule(const JsonPlace& place) {
  const auto word = place.one_of({"busy", "free"});
  if (!word) return std::nullopt;
  return *word == 0 ? Rule::busy : Rule::free;
}

Group group(const JsonPlace& place) {
  Group group;
  JsonMembers members(place);
  const JsonPlace ids = members.needed("user_ids");
  for (const JsonPlace& id : ids.elements()) {
    if (!id) id.wrong("is not a user's id");
    const auto text = id.text(kLongestId);
    if (text && std::find(group.user_ids.begin(), group.user_ids.end(), *text) != group.user_ids.end())
      id.wrong("is in this group already");
    else if (text)
      group.user_ids.push_back(*text);
  }
  const size_t size = json_array_size(ids.value());
  if (json_is_array(ids.value()) && size == 0) ids.wrong("names nobody");
  const JsonPlace required = members.optional("required");
  group.required = group.user_ids.size();
  if (required && string_value(required.value()) != "all") {
    const json_int_t count = json_integer_value(required.value());
    if (!json_is_integer(required.value()) || count < 1 || (size > 0 && static_cast<size_t>(count) > size))
      required.wrong("is neither \"all\" nor a whole number from 1 to the group's size");
    else
      group.required = static_cast<size_t>(count);
  }
  group.optional = members.optional("optional").boolean().value_or(false);
  members.refuse_others();
  return group;
}

std::vector<Group> groups(const JsonPlace& place) {
  std::vector<Group> all;
  const std::vector<JsonPlace> places = place.elements();
  if (json_is_array(place.value()) && (places.empty() || places.size() > kMostGroups)) {
    place.wrong("has to be 1 to 10 groups");
    return all;
  }
  std::set<std::string> people;
  for (const JsonPlace& one : places) {
    all.push_back(group(one));
    people.insert(all.back().user_ids.begin(), all.back().user_ids.end());
  }
  if (people.size() > kMostPeople) place.wrong("names more than 50 people");
  if (!all.empty() && std::all_of(all.begin(), all.end(), [](const Group& one) { return one.optional; }))
    place.wrong("has only optional groups");
  return all;
}

std::optional<Span> period(const JsonPlace& place) {
  JsonMembers members(place);
  const auto start = members.needed("start").time();
  const JsonPlace end_place = members.needed("end");
  const auto end = end_place.time();
  members.refuse_others();
  if (!start || !end) return std::nullopt;
  if (*end <= *start) end_place.wrong("is not after start");
  return Span{*start, *end};
}

std::optional<Spans> periods(const JsonPlace& place) {
  if (!place) return std::nullopt;
  std::vector<Span> all;
  for (const JsonPlace& one : place.elements())
    if (const auto span = period(one)) all.push_back(*span);
  return merge(std::move(all));
}

std::map<std::string, OwnRules> own_rules(const JsonPlace& place) {
  std::map<std::string, OwnRules> all;
  if (!place) return all;
  if (json_object_size(place.value()) > kMostPeople) {
    place.wrong("names more than 50 people");
    return all;
  }
  for (const auto& [user_id, rules] : JsonMembers(place).all()) {
    if (!rules) continue;
    JsonMembers members(rules);
    all[user_id] = {.working_hours = parse_week_hours(members.optional("working_hours")),
                    .dates = parse_date_hours(members.optional("dates")),
                    .max_per_day = number<int>(members.optional("max_per_day"), 1, 1000),
                    .max_per_week = number<int>(members.optional("max_per_week"), 1, 1000)};
    members.refuse_others();
  }
  return all;
}

std::vector<std::string> refs(const JsonPlace& place) {
  std::vector<std::string> all;
  if (!json_is_array(place.value())) {
    if (auto one = place.text(kLongestId)) all.push_back(std::move(*one));
    return all;
  }
  for (const JsonPlace& ref : place.elements()) {
    if (!ref) ref.wrong("is not a ref");
    if (auto one = ref.text(kLongestId)) all.push_back(std::move(*one));
  }
  return all;
}

std::string zone(const JsonPlace& place) {
  const auto text = place.text(kLongestZone);
  if (!text) return {};
  const auto name = zone_name(*text);
  if (!name) place.wrong("is not the name of a time zone");
  return name.value_or("");
}

Span range(JsonMembers& members) {
  const auto from = members.needed("from").time();
  const JsonPlace to_place = members.needed("to");
  const auto to = to_place.time();
  if (!from || !to) return {};
  if (*to <= *from) to_place.wrong("is not after from");
  if (*to - *from > kLongestRange) to_place.wrong("is more than 91 days after from");
  return {*from, *to};
}

}  // namespace

ParsedSlotRequest parse_slot_request(std::string_view json) {
  ParsedSlotRequest parsed;
  const Json tree = parse_json(json, {}, parsed.problems);
  if (!tree) return parsed;
  JsonMembers members({tree.get(), "", parsed.problems});
  SlotRequest& request = parsed.request;
  request.groups = groups(members.needed("groups"));
  request.duration = number<minutes>(members.needed("duration"), 5, 1440).value_or(minutes(0));
  request.range = range(members);
  request.time_zone = zone(members.needed("time_zone"));
  request.periods = periods(members.optional("periods"));
  request.step = number<minutes>(members.optional("step"), 1, 1440).value_or(request.step);
  request.working_hours = parse_week_hours(members.optional("working_hours"));
  request.dates = parse_date_hours(members.optional("dates"));
  request.buffer_before = number<minutes>(members.optional("buffer_before"), 0, 1440);
  request.buffer_after = number<minutes>(members.optional("buffer_after"), 0, 1440);
  request.min_notice = number<minutes>(members.optional("min_notice"), 0, 129'600).value_or(request.min_notice);
  request.max_per_day = number<int>(members.optional("max_per_day"), 1, 1000);
  request.max_per_week = number<int>(members.optional("max_per_week"), 1, 1000);
  request.per_day = number<int>(members.optional("per_day"), 1, 1000);
  request.people = own_rules(members.optional("people"));
  request.tentative = rule(members.optional("tentative"));
  request.unanswered = rule(members.optional("unanswered"));
  request.unknown = rule(members.optional("unknown"));
  request.ignore_refs = refs(members.optional("ignore_ref"));
  if (members.optional("order").one_of({"time", "best"}) == 1u) request.order = Order::best;
  request.limit = number<size_t>(members.optional("limit"), 1, 1000);
  const JsonPlace cursor = members.optional("cursor");
  request.cursor = cursor.text(SlotCursor::kLongest).value_or("");
  if (!request.cursor.empty() && !SlotCursor::parse(request.cursor, request.order))
    cursor.wrong("is none that came as next with this order");
  const JsonPlace explain = members.optional("explain");
  request.explain = explain.boolean().value_or(false);
  if (request.explain && request.range.end - request.range.start > kLongestExplained)
    explain.wrong("takes a range of at most 31 days");
  members.refuse_others();
  return parsed;
}

std::vector<NamedPerson> named_people(const SlotRequest& request) {
  std::vector<NamedPerson> named;
  std::set<std::string_view> known;
  for (size_t g = 0; g < request.groups.size(); ++g)
    for (size_t at = 0; at < request.groups[g].user_ids.size(); ++at)
      if (const std::string& id = request.groups[g].user_ids[at]; known.insert(id).second)
        named.push_back({id, "/groups/" + std::to_string(g) + "/user_ids/" + std::to_string(at), true});
  for (const auto& [id, rules] : request.people)
    if (known.insert(id).second) named.push_back({id, json_pointer("/people", id), false});
  return named;
}

NeededTime needed_time(const SlotRequest& request, const OrganizationRules& organization) {
  const seconds before = request.buffer_before.value_or(organization.buffer_before);
  const seconds after = request.buffer_after.value_or(organization.buffer_after);
  const seconds beyond = request.explain ? seconds(request.duration) : seconds(0);  // starts as late as the range's end
  const std::chrono::days week{8};  // with the zones' offsets
  return {.busy = {request.range.start - before, request.range.end + beyond + after},
          .ours = {request.range.start - week, request.range.end + week}};
}

}  // namespace calint::availability
