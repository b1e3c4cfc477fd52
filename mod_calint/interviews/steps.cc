#include "interviews/steps.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "store/interview_json.h"

namespace calint::interviews {
namespace {

using store::Interview;
using store::InterviewStatus;

constexpr std::chrono::seconds kFirstLookForRoom{5};
constexpr std::chrono::hours kRarestLook{1};

// The names of parts in `unsent`, each once.
struct PartName {
  std::string_view name;
  bool provider::EventParts::* part;
};
constexpr PartName kParts[] = {
    {"title", &provider::EventParts::title},       {"description", &provider::EventParts::description},
    {"location", &provider::EventParts::location}, {"time", &provider::EventParts::time},
    {"guests", &provider::EventParts::guests},     {"reminder", &provider::EventParts::reminder},
};

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_alike(std::string_view one, std::string_view other) { return lower_case(one) == lower_case(other); }

}  // namespace

Step next_step(const Interview& interview) {
  if (has(interview.unsent, "cancel")) return Step::cancel;
  if (has(interview.unsent, "create")) return Step::create;
  return interview.unsent.empty() ? Step::look : Step::change;
}

provider::EventContent content_of(const Interview& interview) {
  const store::InterviewBody& body = interview.body;
  return {.title = body.title,
          .description = body.description,
          .location = body.location,
          .start = interview.start,
          .end = interview.end,
          .zone = body.time_zone,
          .guests = interview.guests,
          .wants_room = body.conference,
          .conference_url = body.conference_url,
          .notifies = body.notify,
          .hides_guests = body.hide_guests,
          .reminder = body.reminder};
}

provider::EventParts unsent_parts(const Interview& interview) {
  provider::EventParts parts;
  for (const PartName& one : kParts) parts.*one.part = has(interview.unsent, one.name);
  return parts;
}

std::vector<std::string> changed_parts(const Interview& before, const Interview& after, bool names_guests) {
  const provider::EventContent was = content_of(before), is = content_of(after);
  const bool other_link = was.conference_url != is.conference_url, other_mail = was.notifies != is.notifies;
  const provider::EventParts parts{
      .title = was.title != is.title,
      .description = was.description != is.description || other_link || (names_guests && other_mail),
      .location = was.location != is.location || other_link,
      .time = was.start != is.start || was.end != is.end || was.zone != is.zone,
      .guests = was.guests != is.guests || was.hides_guests != is.hides_guests || other_mail,
      .reminder = was.reminder != is.reminder};
  std::vector<std::string> names;
  for (const PartName& one : kParts)
    if (parts.*one.part) names.emplace_back(one.name);
  return names;
}

std::vector<provider::Guest> guests_of(const store::InterviewBody& body, const store::InterviewPeople& people) {
  std::vector<provider::Guest> guests;
  const auto invite = [&](const provider::Guest& guest) {
    const auto& own = people.organiser->addresses;
    if (std::ranges::any_of(own, [&](const std::string& address) { return is_alike(address, guest.email); })) return;
    const auto is_same = [&](const provider::Guest& one) { return is_alike(one.email, guest.email); };
    if (std::ranges::any_of(guests, is_same)) return;
    guests.push_back(guest);
  };
  for (const provider::Guest& guest : body.attendees) invite(guest);
  for (const store::InterviewPerson& person : people.interviewers)
    if (!person.email.empty()) invite({.email = person.email, .name = person.name});
  return guests;
}

std::string digest_of(const Interview& interview) {
  const auto text = [](Instant at) { return rfc3339_text(std::chrono::floor<std::chrono::seconds>(at)); };
  return hex_encode(crypto::sha256(JsonArray()
                                       .add(interview.user_id)
                                       .add(text(interview.start))
                                       .add(text(interview.end))
                                       .add(store::body_json(interview.body))
                                       .text()));
}

bool is_declined(const Interview& interview, const provider::WrittenEvent& event) {
  if (event.organiser_declined) return true;
  return std::ranges::any_of(event.answers, [&](const provider::GuestAnswer& answer) {
    const auto is_theirs = [&](const provider::Guest& guest) { return is_alike(guest.email, answer.email); };
    return answer.attendance == provider::Attendance::declined && std::ranges::any_of(interview.guests, is_theirs) &&
           std::ranges::none_of(interview.body.attendees, is_theirs);
  });
}

Verdict verdict_on(Step step, const Error& error) {
  if (error.of_database) return Verdict::ours;
  switch (error.fault) {
    case Fault::rate_limited:
    case Fault::too_many:
    case Fault::unavailable:
    case Fault::in_doubt:
    case Fault::resync: return Verdict::passing;
    case Fault::forbidden:
    case Fault::denied:
    case Fault::bad_input: return Verdict::final;
    case Fault::gone:
    case Fault::not_found: return step == Step::create ? Verdict::final : Verdict::not_there;
    case Fault::reconnect: return Verdict::refused;
    default: return Verdict::ours;
  }
}

Told told_of(Step step, const Error& error) {
  if (error.detail == Detail::no_room)
    return {"conference_unsupported", "the provider makes no conference for this account"};
  switch (error.fault) {
    case Fault::rate_limited:
    case Fault::too_many: return {"rate_limited", "the provider takes no more at present"};
    case Fault::forbidden:
    case Fault::denied: return {"forbidden", "the provider says that the account may not do this in the calendar"};
    case Fault::bad_input: return {"invalid_request", "the provider doesn't take this content: an address, perhaps"};
    case Fault::reconnect: return {"not_connected", "the organiser has to connect the calendar again"};
    case Fault::gone:
    case Fault::not_found:
      if (step == Step::create) return {"no_destination", "the calendar isn't there any more"};
      return {"deleted_in_calendar", "the event isn't there any more"};
    default: return {"provider_unavailable", "the provider can't be reached or answers with errors"};
  }
}

std::optional<Instant> next_look(const Interview& interview, provider::Room room, Instant now) {
  if (interview.status == InterviewStatus::cancelled || now >= interview.end) return std::nullopt;
  if (room == provider::Room::pending) {
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - interview.created_at);
    return now + std::clamp<std::chrono::seconds>(age / 2, kFirstLookForRoom, kRarestLook);
  }
  if (!interview.is_watched) return now + kRarestLook;
  return std::nullopt;
}

}  // namespace calint::interviews
