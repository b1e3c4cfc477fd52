#include "provider/outlook/event_reply.h"

#include "base/json.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "calendar/zones.h"
#include "provider/shared/event_page.h"
#include "provider/shared/event_texts.h"
#include "provider/shared/event_times.h"
#include "provider/shared/replies.h"

namespace calint::outlook {
namespace {

using provider::Attendance;
using provider::Room;

constexpr size_t kLongestEtag = 512;
constexpr size_t kLongestName = 1024;

Error no_event() { return {.fault = Fault::unavailable, .what = "Graph answered something that is no event"}; }

std::string text(const json_t* entry, const char* name, size_t longest) {
  return clean_utf8(string_member(entry, name).value_or(""), longest);
}

// UTC was asked for; another zone that is known is taken too.
std::optional<Instant> time(const json_t* entry, const char* name) {
  const json_t* member = json_object_get(entry, name);
  const auto moment = provider::parse_date_time(string_member(member, "dateTime").value_or(""));
  if (!moment) return std::nullopt;
  const std::string_view zone = moment->offset ? calendar::kUtc : string_member(member, "timeZone").value_or("UTC");
  const auto known = calendar::iana_name(zone);
  const auto instant = known ? calendar::to_instant(provider::start_of(*moment), *known) : std::nullopt;
  return instant ? std::optional(Instant(*instant)) : std::nullopt;
}

// Of "0001-01-01T00:00:00Z", which stands for never, nothing.
std::optional<Instant> stamp(const json_t* entry, const char* name) {
  const auto at = parse_rfc3339(string_member(entry, name).value_or(""));
  return at && *at > std::chrono::sys_days(std::chrono::year(1970) / 1 / 1) ? std::optional(Instant(*at))
                                                                            : std::nullopt;
}

Attendance attendance_of(std::string_view response) {
  if (response == "accepted") return Attendance::accepted;
  if (response == "declined") return Attendance::declined;
  return response == "tentativelyAccepted" ? Attendance::tentative : Attendance::needs_action;
}

std::string organiser_of(const json_t* event) {
  const json_t* address = json_object_get(json_object_get(event, "organizer"), "emailAddress");
  return text(address, "address", provider::kLongestAddress);
}

GuestEntry guest_from(const json_t* entry, const std::string& organiser) {
  const json_t* address = json_object_get(entry, "emailAddress");
  const json_t* status = json_object_get(entry, "status");
  GuestEntry guest{.email = text(address, "address", provider::kLongestAddress),
                   .name = text(address, "name", kLongestName),
                   .type = text(entry, "type", kLongestName),
                   .response = text(status, "response", kLongestName),
                   .answered_at = text(status, "time", kLongestName)};
  guest.is_organiser =
      guest.response == "organizer" || (!organiser.empty() && provider::is_same_address(guest.email, organiser));
  return guest;
}

void read_guests(const json_t* event, EventReply& reply) {
  const json_t* guests = json_object_get(event, "attendees");
  const std::string organiser = organiser_of(event);
  for (size_t i = 0; i < json_array_size(guests); ++i) {
    const json_t* entry = json_array_get(guests, i);
    GuestEntry guest = guest_from(entry, organiser);
    if (guest.email.empty()) continue;
    const Attendance attendance = attendance_of(guest.response);
    if (!guest.is_organiser && guest.type != "resource")
      reply.event.answers.push_back({.email = guest.email,
                                     .attendance = attendance,
                                     .at = attendance == Attendance::needs_action
                                               ? std::nullopt
                                               : stamp(json_object_get(entry, "status"), "time")});
    reply.known.guests.push_back(std::move(guest));
  }
}

Result<EventReply> event_from(const json_t* event, const std::string& calendar) {
  const std::string_view id = string_member(event, "id").value_or("");
  std::string etag = text(event, "@odata.etag", kLongestEtag);
  const auto start = time(event, "start"), end = time(event, "end");
  if (!provider::is_event_id(id) || !start || !end || etag.empty()) return no_event();
  EventReply reply{.event = {.place = {.calendar = calendar, .key = {}, .id = std::string(id)},
                             .uid = text(event, "iCalUId", provider::kLongestUid),
                             .start = *start,
                             .end = *end},
                   .etag = std::move(etag),
                   .is_cancelled = true_member(event, "isCancelled"),
                   .is_organiser = true_member(event, "isOrganizer"),
                   .created = stamp(event, "createdDateTime"),
                   .known = {}};
  reply.event.html_link = provider::link_from(string_member(event, "webLink").value_or(""));
  reply.event.room_url =
      provider::link_from(string_member(json_object_get(event, "onlineMeeting"), "joinUrl").value_or(""));
  if (!reply.event.room_url.empty())
    reply.event.room = Room::ready;
  else if (true_member(event, "isOnlineMeeting"))
    reply.event.room = Room::pending;
  reply.event.organiser_declined = string_member(json_object_get(event, "responseStatus"), "response") == "declined";
  read_guests(event, reply);
  reply.known.body = valid_utf8(string_member(json_object_get(event, "body"), "content").value_or(""));
  reply.known.is_online = reply.event.room != Room::none;
  reply.known.join_url = reply.event.room_url;
  return reply;
}

}  // namespace

Result<EventReply> parse_event(const HttpResponse& response, const std::string& calendar) {
  const Json body = provider::json_body(response);
  return event_from(body.get(), calendar);
}

Result<std::optional<EventReply>> parse_found(const HttpResponse& response, const std::string& calendar) {
  const Json body = provider::json_body(response);
  const json_t* list = json_object_get(body.get(), "value");
  if (!json_is_array(list)) return no_event();
  for (size_t i = 0; i < json_array_size(list); ++i) {
    auto reply = event_from(json_array_get(list, i), calendar);
    if (!reply) return std::move(reply).error();
    if (!reply->is_cancelled) return std::optional(std::move(*reply));
  }
  return std::optional<EventReply>();
}

Result<bool> parse_makes_rooms(const HttpResponse& response) {
  const Json body = provider::json_body(response);
  if (!body) return Error{.fault = Fault::unavailable, .what = "Graph answered something that is no calendar"};
  const json_t* providers = json_object_get(body.get(), "allowedOnlineMeetingProviders");
  for (size_t i = 0; i < json_array_size(providers); ++i)
    if (string_value(json_array_get(providers, i)) == "teamsForBusiness") return true;
  return false;
}

bool was_there_before(const EventReply& reply, const HttpResponse& response, std::chrono::milliseconds elapsed) {
  const auto answered = response.date();
  return answered && reply.created && *reply.created < *answered - elapsed - std::chrono::seconds(1);
}

}  // namespace calint::outlook
