#include "store/interview_json.h"

#include "base/json.h"
#include "base/json_writer.h"
#include "base/rfc3339.h"

namespace calint::store {
namespace {

Json tree_of(std::string_view text) { return Json(json_loadb(text.data(), text.size(), JSON_ALLOW_NUL, nullptr)); }

std::string text_of(const json_t* object, const char* name) {
  return std::string(string_member(object, name).value_or(""));
}

JsonArray as_json(const std::vector<provider::Guest>& guests) {
  JsonArray array;
  for (const provider::Guest& guest : guests)
    array.add(JsonObject().add("email", guest.email).add("name", guest.name).add("optional", guest.is_optional));
  return array;
}

std::vector<provider::Guest> guests_of(const json_t* array) {
  std::vector<provider::Guest> guests;
  for (size_t at = 0; at < json_array_size(array); ++at) {
    const json_t* one = json_array_get(array, at);
    guests.push_back({.email = text_of(one, "email"),
                      .name = text_of(one, "name"),
                      .is_optional = true_member(one, "optional")});
  }
  return guests;
}

std::vector<std::string> texts_of(const json_t* array) {
  std::vector<std::string> texts;
  for (size_t at = 0; at < json_array_size(array); ++at)
    texts.emplace_back(string_value(json_array_get(array, at)).value_or(""));
  return texts;
}

}  // namespace

std::string body_json(const InterviewBody& body) {
  JsonArray interviewers;
  for (const std::string& id : body.interviewer_ids) interviewers.add(id);
  return JsonObject()
      .add("title", body.title)
      .add("description", body.description)
      .add("location", body.location)
      .add("time_zone", body.time_zone)
      .add("attendees", as_json(body.attendees))
      .add("interviewer_ids", interviewers)
      .add("conference", body.conference)
      .add("conference_url", body.conference_url)
      .add("notify", body.notify)
      .add("hide_guests", body.hide_guests)
      .add("reminder", body.reminder ? JsonValue(*body.reminder) : JsonValue(nullptr))
      .text();
}

InterviewBody body_from(std::string_view text) {
  const Json tree = tree_of(text);
  const json_t* body = tree.get();
  const auto reminder = integer_member(body, "reminder");
  return {.title = text_of(body, "title"),
          .description = text_of(body, "description"),
          .location = text_of(body, "location"),
          .time_zone = text_of(body, "time_zone"),
          .attendees = guests_of(json_object_get(body, "attendees")),
          .interviewer_ids = texts_of(json_object_get(body, "interviewer_ids")),
          .conference = true_member(body, "conference"),
          .conference_url = text_of(body, "conference_url"),
          .notify = true_member(body, "notify"),
          .hide_guests = true_member(body, "hide_guests"),
          .reminder = reminder ? std::optional(static_cast<int>(*reminder)) : std::nullopt};
}

std::string guests_json(const std::vector<provider::Guest>& guests) { return as_json(guests).text(); }

std::vector<provider::Guest> guests_from(std::string_view text) { return guests_of(tree_of(text).get()); }

std::string answers_json(const std::vector<provider::GuestAnswer>& answers) {
  JsonArray array;
  for (const provider::GuestAnswer& answer : answers)
    array.add(JsonObject()
                  .add("email", answer.email)
                  .add("status", kAttendances[static_cast<size_t>(answer.attendance)].name)
                  .add("at", answer.at ? JsonValue(rfc3339_text(std::chrono::floor<std::chrono::seconds>(*answer.at)))
                                       : JsonValue(nullptr)));
  return array.text();
}

std::vector<provider::GuestAnswer> answers_from(std::string_view text) {
  const Json tree = tree_of(text);
  std::vector<provider::GuestAnswer> answers;
  for (size_t at = 0; at < json_array_size(tree.get()); ++at) {
    const json_t* one = json_array_get(tree.get(), at);
    const auto when = parse_rfc3339(text_of(one, "at"));
    answers.push_back({.email = text_of(one, "email"),
                       .attendance = parse_word(kAttendances, text_of(one, "status"))
                                         .value_or(provider::Attendance::needs_action),
                       .at = when ? std::optional<Instant>(*when) : std::nullopt});
  }
  return answers;
}

}  // namespace calint::store
