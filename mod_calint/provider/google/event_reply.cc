#include "provider/google/event_reply.h"

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/utf8.h"
#include "provider/shared/event_page.h"
#include "provider/shared/event_texts.h"
#include "provider/shared/event_times.h"
#include "provider/shared/replies.h"

namespace calint::google {
namespace {

using provider::Attendance;
using provider::Room;

constexpr size_t kLongestEtag = 256;
constexpr size_t kLongestName = 1024;
constexpr int kMostAdditional = 1000;

std::string text(const json_t* entry, const char* name, size_t longest) {
  return clean_utf8(string_member(entry, name).value_or(""), longest);
}

std::optional<Instant> time(const json_t* entry, const char* name) {
  const json_t* member = json_object_get(entry, name);
  auto moment = provider::parse_date_time(string_member(member, "dateTime").value_or(""));
  if (!moment)
    if (const auto day = provider::parse_date(string_member(member, "date").value_or("")))
      moment = provider::ClockTime{.local = *day, .offset = std::chrono::seconds(0)};
  if (!moment || !moment->offset) return std::nullopt;
  return Instant(provider::start_of(*moment).time_since_epoch());
}

Attendance attendance_of(std::string_view status) {
  if (status == "accepted") return Attendance::accepted;
  if (status == "declined") return Attendance::declined;
  return status == "tentative" ? Attendance::tentative : Attendance::needs_action;
}

GuestEntry guest_from(const json_t* entry) {
  GuestEntry guest{.email = text(entry, "email", provider::kLongestAddress),
                   .name = text(entry, "displayName", kLongestName),
                   .is_optional = true_member(entry, "optional"),
                   .is_resource = true_member(entry, "resource"),
                   .is_organiser = true_member(entry, "self") || true_member(entry, "organizer"),
                   .status = text(entry, "responseStatus", kLongestName),
                   .comment = text(entry, "comment", kLongestName)};
  const int64_t more = integer_member(entry, "additionalGuests").value_or(0);
  guest.additional_guests = static_cast<int>(std::clamp<int64_t>(more, 0, kMostAdditional));
  return guest;
}

std::string meeting_link(const json_t* event) {
  const json_t* points = json_object_get(json_object_get(event, "conferenceData"), "entryPoints");
  for (size_t i = 0; i < json_array_size(points); ++i) {
    const json_t* point = json_array_get(points, i);
    if (string_member(point, "entryPointType") != "video") continue;
    if (std::string link = provider::link_from(string_member(point, "uri").value_or("")); !link.empty()) return link;
  }
  return provider::link_from(string_member(event, "hangoutLink").value_or(""));
}

Room room_of(const json_t* event, const std::string& link) {
  if (!link.empty()) return Room::ready;
  const json_t* request = json_object_get(json_object_get(event, "conferenceData"), "createRequest");
  const auto status = string_member(json_object_get(request, "status"), "statusCode");
  if (status == "failure") return Room::failed;
  return request != nullptr && !json_is_null(request) ? Room::pending : Room::none;
}

}  // namespace

Result<EventReply> parse_event(const HttpResponse& response, const std::string& calendar) {
  const Error unusable{.fault = Fault::unavailable, .what = "the Calendar API answered something that is no event"};
  const Json body = provider::json_body(response);
  const std::string_view id = string_member(body.get(), "id").value_or("");
  if (!provider::is_event_id(id)) return unusable;
  const json_t* own = json_object_get(json_object_get(body.get(), "extendedProperties"), "private");
  EventReply reply{.event = {.place = {.calendar = calendar, .key = text(own, kKeyProperty, kLongestEtag),
                                       .id = std::string(id)},
                             .uid = text(body.get(), "iCalUID", provider::kLongestUid)},
                   .etag = text(body.get(), "etag", kLongestEtag),
                   .key = text(own, kKeyProperty, kLongestEtag),
                   .is_organised_here = true_member(json_object_get(body.get(), "organizer"), "self"),
                   .is_cancelled = string_member(body.get(), "status") == "cancelled",
                   .guests = {}};
  if (reply.is_cancelled) return reply;
  const auto start = time(body.get(), "start"), end = time(body.get(), "end");
  if (!start || !end || reply.etag.empty()) return unusable;
  reply.event.start = *start;
  reply.event.end = *end;
  reply.event.html_link = provider::link_from(string_member(body.get(), "htmlLink").value_or(""));
  reply.event.room_url = meeting_link(body.get());
  reply.event.room = room_of(body.get(), reply.event.room_url);
  const json_t* guests = json_object_get(body.get(), "attendees");
  for (size_t i = 0; i < json_array_size(guests); ++i) {
    GuestEntry guest = guest_from(json_array_get(guests, i));
    const Attendance attendance = attendance_of(guest.status);
    if (guest.is_organiser)
      reply.event.organiser_declined = attendance == Attendance::declined;
    else if (!guest.is_resource && !guest.email.empty())
      reply.event.answers.push_back({.email = guest.email, .attendance = attendance});
    if (!guest.email.empty()) reply.guests.push_back(std::move(guest));
  }
  return reply;
}

}  // namespace calint::google
