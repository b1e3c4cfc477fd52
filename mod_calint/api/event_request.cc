#include "api/event_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "availability/zone_name.h"
#include "base/text.h"
#include "base/typed_text.h"
#include "base/url.h"
#include "base/utf8.h"

namespace calint::api {
namespace {

constexpr size_t kLongestLine = 255;          // characters: title, place, a guest's name
constexpr size_t kLongestDescription = 8000;  // characters
constexpr size_t kLongestText = 255;          // bytes
constexpr size_t kLongestUrl = 2048;
constexpr size_t kMostAttendees = 100;
constexpr int kLongestReminder = 4 * 7 * 24 * 60;  // Google's bound (Calendar API, reminders.overrides[].minutes)
constexpr std::chrono::minutes kShortest{1};
constexpr std::chrono::hours kLongest{24};
constexpr std::chrono::years kFurthestStart{2};

// In the one form that `kind` makes of it. Where something has to be there, it can be seen.
std::optional<std::string> typed(const JsonPlace& place, std::optional<std::string> (*kind)(std::string_view),
                                 size_t least, size_t most) {
  if (!place) return place.value() != nullptr && least == 0 ? std::optional<std::string>("") : std::nullopt;
  const auto sent = string_value(place.value());
  auto text = sent ? kind(*sent) : std::nullopt;
  if (text && count_characters(*text) <= most && (least == 0 || has_visible(*text))) return text;
  place.wrong(fmt::format("is not a text of {} to {} characters without control characters", least, most));
  return std::nullopt;
}

// What `place` says, or `fallback` where it is null.
template <typename T>
std::optional<T> or_null(const JsonPlace& place, std::optional<T> said, T fallback) {
  return place.value() != nullptr && !place ? std::optional<T>(std::move(fallback)) : std::move(said);
}

std::optional<std::string> zone(const JsonPlace& place) {
  const auto name = place.text(kLongestText);
  const auto known = name ? availability::zone_name(*name) : std::nullopt;
  if (name && !known) place.wrong("is not a time zone's name, such as Europe/Berlin");
  return or_null<std::string>(place, known, "");
}

std::optional<std::string> link(const JsonPlace& place) {
  auto text = place.text(kLongestUrl);
  if (text) {
    // A fragment is part of a link, though of no request.
    const auto url = parse_url(std::string_view(*text).substr(0, text->find('#')));
    if (!url || !url->is_https() || !std::all_of(text->begin(), text->end(), is_visible)) {
      place.wrong("is not a URL that begins with https:// and has no user name and no blank");
      text.reset();
    }
  }
  return or_null<std::string>(place, text, "");
}

std::optional<std::optional<int>> reminder(const JsonPlace& place) {
  if (place.value() == nullptr) return std::nullopt;
  const auto minutes = place.whole_number(0, kLongestReminder);
  return minutes ? std::optional(static_cast<int>(*minutes)) : std::optional<int>();
}

provider::Guest attendee(const JsonPlace& place) {
  JsonMembers members(place);
  provider::Guest guest;
  const JsonPlace email = members.needed("email");
  if (email) {
    guest.email = string_value(email.value()).value_or("");
    if (!is_mail_address(guest.email)) email.wrong("is not an address of mail");
  }
  guest.name = typed(members.optional("name"), typed_line, 0, kLongestLine).value_or("");
  guest.is_optional = members.optional("optional").boolean().value_or(false);
  members.refuse_others();
  return guest;
}

std::optional<std::vector<provider::Guest>> attendees(const JsonPlace& place) {
  if (place.value() == nullptr) return std::nullopt;
  std::vector<provider::Guest> guests;
  if (json_array_size(place.value()) > kMostAttendees) {
    place.wrong(fmt::format("has more than {} of them", kMostAttendees));
    return guests;
  }
  std::set<std::string> known;
  for (const JsonPlace& one : place.elements()) {
    provider::Guest guest = attendee(one);
    if (known.insert(lower_case(guest.email)).second) guests.push_back(std::move(guest));
  }
  return guests;
}

std::optional<SysTime> start_time(const JsonPlace& place, SysTime now) {
  const auto start = place.time();
  const auto midnight = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day today(midnight);
  const SysTime latest = std::chrono::sys_days(today + kFurthestStart) + (now - midnight);
  if (start && *start > latest) place.wrong("is more than 2 years from now");
  return start;
}

// All that an interview may have, but for whose it is.
EventMembers parse_members(JsonMembers& members, SysTime now) {
  EventMembers named;
  named.title = typed(members.optional("title"), typed_line, 1, kLongestLine);
  named.description = typed(members.optional("description"), typed_lines, 0, kLongestDescription);
  named.location = typed(members.optional("location"), typed_line, 0, kLongestLine);
  named.start = start_time(members.optional("start"), now);
  named.end = members.optional("end").time();
  named.time_zone = zone(members.optional("time_zone"));
  named.attendees = attendees(members.optional("attendees"));
  if (const JsonPlace place = members.optional("interviewer_ids"); place.value() != nullptr)
    named.interviewers = named_users(place);
  const JsonPlace conference = members.optional("conference"), notify = members.optional("notify"),
                  hide_guests = members.optional("hide_guests");
  named.conference = or_null(conference, conference.boolean(), false);
  named.conference_url = link(members.optional("conference_url"));
  named.notify = or_null(notify, notify.boolean(), true);
  named.hide_guests = or_null(hide_guests, hide_guests.boolean(), false);
  named.reminder = reminder(members.optional("reminder"));
  named.allow_conflict = members.optional("allow_conflict").boolean().value_or(false);
  return named;
}

template <typename To, typename From>
void put(To& to, const std::optional<From>& named) {
  if (named) to = *named;
}

EventPlan put_over(EventPlan plan, const EventMembers& named, const std::string& organiser) {
  put(plan.body.title, named.title);
  put(plan.body.description, named.description);
  put(plan.body.location, named.location);
  put(plan.start, named.start);
  put(plan.end, named.end);
  put(plan.body.time_zone, named.time_zone);
  put(plan.body.attendees, named.attendees);
  if (named.interviewers) {
    plan.body.interviewer_ids.clear();
    for (const NamedUser& user : *named.interviewers) plan.body.interviewer_ids.push_back(user.user_id);
  }
  if (plan.body.interviewer_ids.empty()) plan.body.interviewer_ids.push_back(organiser);
  put(plan.body.conference, named.conference);
  put(plan.body.conference_url, named.conference_url);
  put(plan.body.notify, named.notify);
  put(plan.body.hide_guests, named.hide_guests);
  put(plan.body.reminder, named.reminder);
  return plan;
}

void check_length(const EventPlan& plan, const EventMembers& named, Problems& problems) {
  const char* place = named.end ? "/end" : "/start";
  if (plan.end <= plan.start) problems.add(place, "the end is not after the start");
  else if (plan.end - plan.start < kShortest) problems.add(place, "the end is less than a minute after the start");
  else if (plan.end - plan.start > kLongest) problems.add(place, "the end is more than 24 hours after the start");
}

}  // namespace

EventRequest parse_event_request(const json_t* tree, SysTime now, Problems& problems) {
  EventRequest request;
  JsonMembers members({tree, "", problems});
  request.user_id = members.needed("user_id").text(kLongestUserId).value_or("");
  request.interview_ref = members.needed("interview_ref").text(kLongestText).value_or("");
  for (const char* name : {"title", "start", "end"}) members.needed(name);
  const EventMembers named = parse_members(members, now);
  request.hold_id = members.optional("hold_id").text(kLongestText).value_or("");
  request.allow_conflict = named.allow_conflict;
  members.refuse_others();
  if (named.conference.value_or(false) && !named.conference_url.value_or("").empty())
    problems.add("/conference_url", "excludes conference");
  request.plan = put_over({}, named, request.user_id);
  if (named.start && named.end) check_length(request.plan, named, problems);
  request.users = {{request.user_id, "/user_id"}};
  for (const NamedUser& user : named.interviewers.value_or(std::vector<NamedUser>()))
    if (user.user_id != request.user_id) request.users.push_back(user);
  return request;
}

EventMembers parse_event_change(const json_t* tree, SysTime now, Problems& problems) {
  JsonMembers members({tree, "", problems});
  for (const char* name : {"user_id", "interview_ref"})
    if (const JsonPlace place = members.optional(name); place.value() != nullptr)
      place.wrong("can't be changed: cancel this interview, and make a new one");
  for (const char* name : {"title", "start", "end"})
    if (const JsonPlace place = members.optional(name); place.value() != nullptr && !place)
      place.wrong("can't be cleared");
  EventMembers named = parse_members(members, now);
  members.refuse_others();
  return named;
}

EventPlan changed(const store::Interview& before, const EventMembers& members, Problems& problems) {
  if (members.conference.value_or(before.body.conference) != before.body.conference)
    problems.add("/conference", "can't be changed: cancel this interview, and make a new one");
  else if (before.body.conference && !members.conference_url.value_or("").empty())
    problems.add("/conference_url", "can't take the place of the conference that the interview has");
  EventPlan plan = put_over({before.body, before.start, before.end}, members, before.user_id);
  if (members.start || members.end) check_length(plan, members, problems);
  return plan;
}

}  // namespace calint::api
