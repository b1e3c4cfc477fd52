#include "api/event_json.h"

#include <fmt/format.h>

#include "base/rfc3339.h"

namespace calint::api {
namespace {

std::string text_of(Instant at) { return rfc3339_text(std::chrono::floor<std::chrono::seconds>(at)); }

template <typename Enum, size_t N>
std::string_view name_in(const std::array<Word<Enum>, N>& words, Enum value) {
  return words[static_cast<size_t>(value)].name;
}

// null where it is empty.
JsonValue filled(const std::string& text) { return text.empty() ? JsonValue(nullptr) : JsonValue(text); }

JsonArray attendees(const std::vector<provider::Guest>& guests) {
  JsonArray list;
  for (const provider::Guest& guest : guests)
    list.add(JsonObject()
                 .add("email", guest.email)
                 .add("name", filled(guest.name))
                 .add("optional", guest.is_optional));
  return list;
}

JsonArray responses(const std::vector<provider::GuestAnswer>& answers) {
  JsonArray list;
  for (const provider::GuestAnswer& answer : answers)
    list.add(JsonObject()
                 .add("email", answer.email)
                 .add("status", name_in(store::kAttendances, answer.attendance))
                 .add("at", answer.at ? JsonValue(text_of(*answer.at)) : JsonValue(nullptr)));
  return list;
}

JsonValue problem(const std::optional<store::Problem>& problem) {
  if (!problem) return nullptr;
  return JsonObject()
      .add("type", problem->type)
      .add("detail", problem->detail)
      .add("since", text_of(problem->since));
}

// The provider's where it makes one, else the ATS's.
JsonValue link(const store::Interview& interview) {
  if (!interview.body.conference) return filled(interview.body.conference_url);
  return interview.room == provider::Room::ready ? filled(interview.room_url) : JsonValue(nullptr);
}

}  // namespace

JsonObject as_json(const store::Interview& interview) {
  const store::InterviewBody& body = interview.body;
  JsonArray interviewer_ids;
  for (const std::string& id : body.interviewer_ids) interviewer_ids.add(id);
  JsonObject object;
  object.add("id", interview.id)
      .add("user_id", interview.user_id)
      .add("interview_ref", interview.interview_ref)
      .add("title", body.title)
      .add("description", filled(body.description))
      .add("location", filled(body.location))
      .add("start", text_of(interview.start))
      .add("end", text_of(interview.end))
      .add("time_zone", body.time_zone)
      .add("attendees", attendees(body.attendees))
      .add("interviewer_ids", interviewer_ids)
      .add("conference", body.conference)
      .add("conference_url", link(interview))
      .add("notify", body.notify)
      .add("hide_guests", body.hide_guests)
      .add("reminder", body.reminder ? JsonValue(*body.reminder) : JsonValue(nullptr))
      .add("status", name_in(store::kInterviewStatuses, interview.status))
      .add("provider", to_string(interview.provider))
      .add("calendar_id", interview.calendar_id)
      .add("provider_event_id", filled(interview.provider_event_id))
      .add("html_link", filled(interview.html_link))
      .add("responses", responses(interview.answers))
      .add("changed_in_calendar", interview.changed_in_calendar
                                      ? JsonValue(name_in(store::kChangedInCalendar, *interview.changed_in_calendar))
                                      : JsonValue(nullptr))
      .add("problem", problem(interview.problem))
      .add("created_at", text_of(interview.created_at))
      .add("updated_at", text_of(interview.updated_at));
  return object;
}

std::string entity_tag(const store::Interview& interview) {
  return fmt::format("\"{}-{}\"", interview.version, name_in(store::kInterviewStatuses, interview.status));
}

}  // namespace calint::api
