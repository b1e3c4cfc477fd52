#include "provider/google/event_body.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "provider/shared/event_texts.h"

namespace calint::google {
namespace {

using provider::EventContent;
using provider::EventParts;

JsonObject time_value(Instant at, const std::string& zone) {
  const provider::ZonedTime time = provider::zoned(at, zone);
  return JsonObject()
      .add("dateTime", rfc3339_text(std::chrono::floor<std::chrono::seconds>(at), time.offset))
      .add("timeZone", time.zone);
}

JsonArray guest_list(const std::vector<GuestEntry>& guests) {
  JsonArray list;
  for (const GuestEntry& guest : guests) {
    JsonObject one;
    one.add("email", guest.email).add_filled("displayName", guest.name).add("optional", guest.is_optional);
    one.add_filled("responseStatus", guest.status).add_filled("comment", guest.comment);
    if (guest.additional_guests > 0) one.add("additionalGuests", guest.additional_guests);
    if (guest.is_resource) one.add("resource", true);
    list.add(one);
  }
  return list;
}

JsonObject reminders(const std::optional<int>& minutes) {
  JsonArray overrides;
  if (minutes) overrides.add(JsonObject().add("method", "popup").add("minutes", *minutes));
  return JsonObject().add("useDefault", false).add("overrides", overrides);
}

JsonObject members(const EventContent& content, const EventParts& parts, const std::vector<GuestEntry>& known) {
  JsonObject body;
  if (parts.title) body.add("summary", content.title);
  if (parts.description) body.add("description", description_text(content));
  if (parts.location) body.add("location", provider::location_of(content));
  if (parts.time)
    body.add("start", time_value(content.start, content.zone)).add("end", time_value(content.end, content.zone));
  if (parts.guests)
    body.add("attendees", guest_list(merged_guests(known, content.guests)))
        .add("guestsCanSeeOtherGuests", !content.hides_guests);
  if (parts.reminder) body.add("reminders", reminders(content.reminder));
  return body;
}

}  // namespace

std::string description_text(const EventContent& content) {
  std::string text = provider::description_of(content);
  return text.find_first_of("<>&") == std::string::npos ? text : provider::escaped_lines(text);
}

std::vector<GuestEntry> merged_guests(const std::vector<GuestEntry>& known,
                                      const std::vector<provider::Guest>& wanted) {
  std::vector<GuestEntry> merged;
  for (const GuestEntry& one : known)
    if (one.is_organiser || one.is_resource) merged.push_back(one);
  for (const provider::Guest& guest : wanted) {
    const auto is_guest = [&](const GuestEntry& one) { return provider::is_same_address(one.email, guest.email); };
    if (std::any_of(merged.begin(), merged.end(), is_guest)) continue;
    const auto found = std::find_if(known.begin(), known.end(), is_guest);
    GuestEntry entry = found == known.end() ? GuestEntry{.email = guest.email} : *found;
    if (!guest.name.empty()) entry.name = guest.name;
    entry.is_optional = guest.is_optional;
    merged.push_back(std::move(entry));
  }
  return merged;
}

std::string insert_body(const std::string& key, const EventContent& content) {
  constexpr EventParts kAll{.title = true,
                            .description = true,
                            .location = true,
                            .time = true,
                            .guests = true,
                            .reminder = true};
  JsonObject body = members(content, kAll, {});
  body.add("id", key).add("extendedProperties",
                          JsonObject().add("private", JsonObject().add(kKeyProperty, key)));
  if (content.wants_room)
    body.add("conferenceData",
             JsonObject().add("createRequest",
                              JsonObject()
                                  .add("requestId", key)
                                  .add("conferenceSolutionKey", JsonObject().add("type", "hangoutsMeet"))));
  return body.text();
}

std::string patch_body(const EventContent& content, const EventParts& parts, const std::vector<GuestEntry>& known) {
  return members(content, parts, known).text();
}

}  // namespace calint::google
