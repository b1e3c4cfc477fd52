#include "interviews/interviews.h"

#include <fmt/format.h>

#include <algorithm>

#include "availability/zone_name.h"
#include "base/encoding.h"
#include "crypto/random.h"
#include "interviews/deliver.h"
#include "interviews/steps.h"
#include "runtime/failure_log.h"

namespace calint::interviews {
namespace {

using store::Interview;
using store::InterviewStatus;

constexpr size_t kIdBytes = 16;
constexpr size_t kOwnerBytes = 12;
constexpr size_t kMostGuests = 200;  // of an event at Google, the fewest of all providers

// For which a request has the lease of the job that it does itself: what is left of its time, and to store what came.
constexpr std::chrono::seconds kRequestLease{20};

// Below that a provider isn't asked, and the job is left to others.
constexpr std::chrono::milliseconds kWorthAsking{700};

// Does the job at once, where there is time and a slot for a call; else, and where it doesn't work, others do it.
// Returns the interview as it stands then.
Interview deliver_now(Runtime& runtime, const Call& call, store::InterviewJob job) {
  const Interview& interview = *job.interview;
  const auto leave = [&](const Error& error, std::string_view what) {
    tell_failure(runtime, call.log, {.provider = interview.provider}, error,
                 fmt::format("interview {}: {}", interview.id, what), "CALINT0233");
    auto left = store::put_off_job(runtime.pool(), job.job, {}, Deadline::in(std::chrono::seconds(1)));
    if (!left)
      tell_failure(runtime, call.log, {}, left.error(), "its job is left to others when its lease ends");
    return interview;
  };
  if (!job.integration) return leave({.fault = Fault::conflict, .what = "the connection has ended"}, "nobody was told");
  if (call.deadline.remaining() < kWorthAsking)
    return leave({.fault = Fault::too_many, .what = "no time is left to ask the provider"}, "left to background work");
  auto slot = runtime.provider_slot();
  if (!slot) return leave(slot.error(), "left to background work");
  auto delivered = deliver(runtime, call, job.job, *job.integration, interview);
  if (!delivered) return leave(delivered.error(), "its provider could not be told");
  return std::move(delivered->interview);
}

// Of one that has ended.
Refused why_ended(const Interview& interview) {
  return interview.changed_in_calendar == store::ChangedInCalendar::deleted ? Refused::deleted_in_calendar
                                                                            : Refused::cancelled;
}

// Interviewers who aren't known, but for those who were before, or can't be invited.
std::vector<std::string> missing(const store::InterviewBody& body, const store::InterviewPeople& people,
                                 const std::vector<std::string>& before) {
  std::vector<std::string> ids;
  for (const std::string& id : body.interviewer_ids)
    if (std::ranges::find(people.interviewers, id, &store::InterviewPerson::user_id) == people.interviewers.end() &&
        std::ranges::find(before, id) == before.end())
      ids.push_back(id);
  return ids;
}
std::vector<std::string> without_address(const std::string& organiser, const store::InterviewPeople& people) {
  std::vector<std::string> ids;
  for (const store::InterviewPerson& person : people.interviewers)
    if (person.email.empty() && person.user_id != organiser) ids.push_back(person.user_id);
  return ids;
}

std::string zone_of(const store::Organiser& organiser) {
  return availability::zone_name(organiser.time_zone).value_or("UTC");
}

std::string new_owner() { return crypto::random_token(kOwnerBytes); }

std::variant<Stored, Refusal> as_booked(store::BookedInterview booked) {
  switch (booked.booking) {
    case store::Booking::ref_in_use: return Refusal{Refused::ref_in_use};
    case store::Booking::hold_expired: return Refusal{Refused::hold_expired};
    case store::Booking::conflict: return Refusal{.why = Refused::conflict, .conflicts = std::move(booked.conflicts)};
    case store::Booking::not_connected: return Refusal{Refused::changed_meanwhile};
    default: return Stored{std::move(*booked.interview), booked.booking == store::Booking::made};
  }
}

}  // namespace

Result<std::variant<Stored, Refusal>> book(Runtime& runtime, const Call& call, const Booking& booking) {
  using Answer = std::variant<Stored, Refusal>;
  store::InterviewBody body = booking.body;
  if (body.interviewer_ids.empty()) body.interviewer_ids = {booking.user_id};
  auto people = store::find_interview_people(runtime.pool(), booking.organization_id, booking.user_id,
                                             body.interviewer_ids, call.deadline);
  if (!people) return std::move(people).error();
  std::vector<std::string> unknown = missing(body, *people, {});
  if (!people->organiser) unknown.insert(unknown.begin(), booking.user_id);
  if (!unknown.empty()) return Answer(Refusal{.why = Refused::unknown_person, .user_ids = std::move(unknown)});
  const store::Organiser& organiser = *people->organiser;

  store::WantedInterview wanted{.interview = {.organization_id = booking.organization_id,
                                              .id = hex_encode(crypto::random_bytes(kIdBytes)),
                                              .user_id = booking.user_id,
                                              .interview_ref = booking.interview_ref,
                                              .body = body,
                                              .start = booking.start,
                                              .end = booking.end,
                                              .guests = guests_of(body, *people),
                                              .integration_id = organiser.integration_id,
                                              .provider = organiser.provider,
                                              .calendar_id = organiser.calendar_id,
                                              .created_at = {},
                                              .updated_at = {}},
                                .hold_id = booking.hold_id,
                                .allow_conflict = booking.allow_conflict,
                                .owner = new_owner(),
                                .lease = kRequestLease,
                                .actor = booking.actor};
  // A zone that is left out stays that, whatever the organiser's is when it is asked for again.
  wanted.interview.digest = digest_of(wanted.interview);
  if (body.time_zone.empty()) wanted.interview.body.time_zone = zone_of(organiser);

  // The ref comes before everything that is in the way of a new one.
  const auto refusal = [&]() -> std::optional<Refusal> {
    if (organiser.integration_id == 0) return Refusal{Refused::not_connected};
    if (organiser.calendar_id.empty()) return Refusal{Refused::no_destination};
    const Events* events = runtime.events(organiser.provider);
    if (events != nullptr && body.conference && !events->makes_rooms()) return Refusal{Refused::conference_unsupported};
    if (events != nullptr && body.hide_guests && !events->hides_guests()) return Refusal{Refused::hides_no_guests};
    if (auto ids = without_address(booking.user_id, *people); !ids.empty())
      return Refusal{.why = Refused::no_address, .user_ids = std::move(ids)};
    if (wanted.interview.guests.size() > kMostGuests) return Refusal{Refused::too_many_guests};
    return std::nullopt;
  }();
  if (refusal) {
    auto same = store::find_interview_of_ref(runtime.pool(), wanted.interview, call.deadline);
    if (!same) return std::move(same).error();
    if (same->interview) return Answer(as_booked(std::move(*same)));
    return Answer(*refusal);
  }

  auto booked = store::book_interview(runtime.pool(), wanted, call.deadline);
  // Another booking of the ref, of other people, was first: it is there now.
  if (!booked && booked.error().fault == Fault::conflict)
    booked = store::book_interview(runtime.pool(), wanted, call.deadline);
  if (!booked) return std::move(booked).error();
  auto job = std::move(booked->job);
  const std::string released = booked->released;
  Answer answer = as_booked(std::move(*booked));
  Stored* stored = std::get_if<Stored>(&answer);
  if (stored == nullptr || !stored->is_new || !job) return answer;
  stored->interview = deliver_now(runtime, call, std::move(*job));
  const auto& problem = stored->interview.problem;
  if (stored->interview.status == InterviewStatus::failed && problem && problem->type == "conference_unsupported") {
    auto dropped = store::drop_interview(runtime.pool(), stored->interview, released, call.deadline);
    if (!dropped) return std::move(dropped).error();
    return Answer(Refusal{Refused::conference_unsupported});
  }
  return answer;
}

Result<std::variant<Stored, Refusal>> change(Runtime& runtime, const Call& call, const Change& change) {
  using Answer = std::variant<Stored, Refusal>;
  const Interview& before = change.before;
  if (before.status == InterviewStatus::cancelled) return Answer(Refusal{why_ended(before)});
  if (!before.is_connected) return Answer(Refusal{Refused::organiser_disconnected});
  Interview after = before;
  after.body = change.body;
  after.start = change.start;
  after.end = change.end;
  if (after.body.interviewer_ids.empty()) after.body.interviewer_ids = {before.user_id};
  auto people = store::find_interview_people(runtime.pool(), before.organization_id, before.user_id,
                                             after.body.interviewer_ids, call.deadline);
  if (!people) return std::move(people).error();
  if (auto ids = missing(after.body, *people, before.body.interviewer_ids); !ids.empty())
    return Answer(Refusal{.why = Refused::unknown_person, .user_ids = std::move(ids)});
  if (!people->organiser) return Answer(Refusal{Refused::organiser_disconnected});  // who has left is, within the hour
  if (after.body.time_zone.empty()) after.body.time_zone = zone_of(*people->organiser);
  // Who was invited stays invited under the same address.
  const bool has_others = after.body.attendees != before.body.attendees ||
                          after.body.interviewer_ids != before.body.interviewer_ids;
  if (has_others) {
    if (auto ids = without_address(before.user_id, *people); !ids.empty())
      return Answer(Refusal{.why = Refused::no_address, .user_ids = std::move(ids)});
    after.guests = guests_of(after.body, *people);
    if (after.guests.size() > kMostGuests) return Answer(Refusal{Refused::too_many_guests});
  }
  const Events* events = runtime.events(before.provider);
  if (events != nullptr && after.body.hide_guests && !events->hides_guests())
    return Answer(Refusal{Refused::hides_no_guests});

  const bool names_guests = events == nullptr || events->names_guests();
  store::ChangedInterview wanted{
      .parts = changed_parts(before, after, names_guests), .owner = new_owner(), .lease = kRequestLease};
  const bool is_another = after.body != before.body || after.start != before.start || after.end != before.end ||
                          (change.names_time && before.changed_in_calendar == store::ChangedInCalendar::time);
  if (!is_another && before.status != InterviewStatus::failed) return Answer(Stored{before});
  wanted.interview = after;
  wanted.names_time = change.names_time;
  wanted.checks_time = after.start != before.start || after.end != before.end ||
                       after.body.interviewer_ids != before.body.interviewer_ids ||
                       before.status == InterviewStatus::failed;
  wanted.allow_conflict = change.allow_conflict;
  wanted.actor = change.actor;
  auto outcome = store::change_interview(runtime.pool(), wanted, call.deadline);
  if (!outcome) return std::move(outcome).error();
  if (!outcome->is_stored)
    return Answer(outcome->conflicts.empty()
                      ? Refusal{Refused::changed_meanwhile}
                      : Refusal{.why = Refused::conflict, .conflicts = std::move(outcome->conflicts)});
  Stored stored{std::move(*outcome->interview)};
  if (outcome->job) stored.interview = deliver_now(runtime, call, std::move(*outcome->job));
  if (stored.interview.status == InterviewStatus::cancelled) return Answer(Refusal{why_ended(stored.interview)});
  return Answer(std::move(stored));
}

Result<std::optional<Interview>> cancel(Runtime& runtime, const Call& call, const std::string& organization_id,
                                        const std::string& id, std::optional<int64_t> version,
                                        const store::Actor& actor) {
  auto cancelled = store::cancel_interview(runtime.pool(), organization_id, id, version, new_owner(), kRequestLease,
                                           actor, call.deadline);
  if (!cancelled) return std::move(cancelled).error();
  if (!*cancelled) return std::optional<Interview>();
  store::CancelledInterview& ended = **cancelled;
  if (!ended.job) return std::optional(std::move(ended.interview));
  return std::optional(deliver_now(runtime, call, std::move(*ended.job)));
}

}  // namespace calint::interviews
