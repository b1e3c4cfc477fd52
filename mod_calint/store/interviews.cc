#include "store/interviews.h"

#include <algorithm>
#include <limits>

#include "store/claims.h"
#include "store/columns.h"
#include "store/interview_json.h"
#include "store/sql/holds.h"
#include "store/sql/interviews.h"

namespace calint::store {
namespace {

using postgres::or_null;

std::string or_empty(const postgres::Rows& rows, size_t row, const char* column) {
  return rows.maybe_text(row, column).value_or("");
}

// A row of sql/fragments/event_columns.sql.
Result<Interview> interview_from(const postgres::Rows& rows, size_t row) {
  const auto provider = parse_provider(rows.text(row, "event_provider"));
  const auto status = parse_word(kInterviewStatuses, rows.text(row, "event_status"));
  if (!provider || !status)
    return Error{.fault = Fault::corrupt, .what = "an interview's row has a provider or status that doesn't exist"};
  Interview interview{.organization_id = std::string(rows.text(row, "event_organization")),
                      .id = std::string(rows.text(row, "event_id")),
                      .user_id = std::string(rows.text(row, "organiser")),
                      .interview_ref = std::string(rows.text(row, "interview_ref")),
                      .body = body_from(rows.text(row, "body")),
                      .start = rows.instant(row, "starts_at"),
                      .end = rows.instant(row, "ends_at"),
                      .status = *status,
                      .version = rows.integer(row, "version"),
                      .guests = guests_from(rows.text(row, "guests")),
                      .unsent = texts_from(rows.text(row, "unsent")),
                      .integration_id = rows.integer(row, "event_integration"),
                      .is_connected = rows.boolean(row, "is_connected"),
                      .is_watched = rows.boolean(row, "is_watched"),
                      .provider = *provider,
                      .calendar_id = std::string(rows.text(row, "event_calendar")),
                      .provider_event_id = or_empty(rows, row, "provider_event_id"),
                      .uid = or_empty(rows, row, "uid"),
                      .html_link = or_empty(rows, row, "html_link"),
                      .room = parse_word(kRooms, or_empty(rows, row, "room")).value_or(provider::Room::none),
                      .room_url = or_empty(rows, row, "room_url"),
                      .answers = answers_from(rows.text(row, "answers")),
                      .changed_in_calendar = parse_word(kChangedInCalendar, or_empty(rows, row, "changed_in_calendar")),
                      .created_at = rows.instant(row, "event_created_at"),
                      .updated_at = rows.instant(row, "event_updated_at")};
  if (const auto type = rows.maybe_text(row, "problem"))
    interview.problem = Problem{*type, or_empty(rows, row, "problem_detail"), rows.instant(row, "problem_since")};
  return interview;
}

Result<std::vector<Interview>> interviews_from(const Result<postgres::Rows>& rows) {
  if (!rows) return rows.error();
  std::vector<Interview> interviews;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto one = interview_from(*rows, row);
    if (!one) return std::move(one).error();
    interviews.push_back(std::move(*one));
  }
  return interviews;
}

// What a statement about a leased job returns.
Result<Interview> leased_from(const Result<postgres::Rows>& rows) {
  auto all = interviews_from(rows);
  if (!all) return std::move(all).error();
  if (all->empty()) return Error{.fault = Fault::conflict, .what = "somebody else works on the interview by now"};
  return std::move(all->front());
}

// Organiser and interviewers.
std::vector<std::string> takers_of(const Interview& interview) {
  std::vector<std::string> takers = interview.body.interviewer_ids;
  if (std::ranges::find(takers, interview.user_id) == takers.end()) takers.push_back(interview.user_id);
  return takers;
}

std::optional<ClaimedJob> job_from(const postgres::Rows& rows, const Interview& interview, const std::string& owner,
                                   Deadline lease_ends) {
  const auto id = rows.maybe_integer(0, "job");
  if (!id) return std::nullopt;
  return ClaimedJob{.organization_id = interview.organization_id,
                    .id = *id,
                    .integration_id = interview.integration_id,
                    .subject = interview.id,
                    .attempts = 1,
                    .due_at = rows.instant(0, "job_due_at"),
                    .owner = owner,
                    .lease_ends = lease_ends};
}

}  // namespace

Result<InterviewPeople> find_interview_people(postgres::Pool& pool, const std::string& organization,
                                              const std::string& organiser,
                                              const std::vector<std::string>& interviewers, Deadline deadline) {
  std::vector<std::string> asked{organiser};
  for (const std::string& id : interviewers)
    if (id != organiser) asked.push_back(id);
  auto rows =
      pool.query(sql::find_interview_people{.user_ids = asked, .organization_id = organization}, deadline);
  if (!rows) return std::move(rows).error();
  InterviewPeople people;
  for (size_t row = 0; row < rows->size(); ++row) {
    const std::string account = or_empty(*rows, row, "account"), own = or_empty(*rows, row, "email");
    const bool has_address = account.find('@') != account.npos;
    InterviewPerson person{.user_id = std::string(rows->text(row, "id")),
                           .email = has_address ? account : own,
                           .name = or_empty(*rows, row, "name"),
                           .time_zone = or_empty(*rows, row, "time_zone")};
    if (person.user_id == organiser) {
      people.organiser = Organiser{person};
      people.organiser->integration_id = rows->maybe_integer(row, "integration_id").value_or(0);
      if (const auto provider = parse_provider(or_empty(*rows, row, "provider")))
        people.organiser->provider = *provider;
      people.organiser->calendar_id = or_empty(*rows, row, "calendar_id");
      for (const std::string& address : {account, own})
        if (!address.empty()) people.organiser->addresses.push_back(address);
    }
    if (std::ranges::find(interviewers, person.user_id) != interviewers.end()) people.interviewers.push_back(person);
  }
  return people;
}

Result<BookedInterview> book_interview(postgres::Pool& pool, const WantedInterview& wanted, Deadline deadline) {
  const Interview& interview = wanted.interview;
  const std::vector<std::string> takers = takers_of(interview);
  const Deadline lease_ends = Deadline::in(wanted.lease);
  auto results = pool.transaction(
      {sql::lock_people{.organization_id = interview.organization_id, .user_ids = takers},
       sql::book_interview{.people = interview.body.interviewer_ids,
                           .start = interview.start,
                           .until = interview.end,
                           .organization_id = interview.organization_id,
                           .interview_ref = interview.interview_ref,
                           .integration_id = interview.integration_id,
                           .calendar_id = interview.calendar_id,
                           .hold_id = or_null(wanted.hold_id),
                           .event_id = interview.id,
                           .user_id = interview.user_id,
                           .provider = to_string(interview.provider),
                           .body = body_json(interview.body),
                           .digest = interview.digest,
                           .guests = guests_json(interview.guests),
                           .allow_conflict = wanted.allow_conflict,
                           .takers = takers,
                           .owner = wanted.owner,
                           .lease = wanted.lease,
                           .actor_id = or_null(wanted.actor.user_id),
                           .ip_address = or_null(wanted.actor.ip_address),
                           .user_agent = or_null(wanted.actor.user_agent)}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& rows = results->back();
  BookedInterview booked{.conflicts = or_empty(rows, 0, "conflicts")};
  if (!rows.is_null(0, "event_id")) {
    auto stored = interview_from(rows, 0);
    if (!stored) return std::move(stored).error();
    booked.job = job_from(rows, *stored, wanted.owner, lease_ends);
    booked.interview = std::move(*stored);
    booked.booking = rows.boolean(0, "is_new")    ? Booking::made
                     : rows.boolean(0, "is_same") ? Booking::there_already
                                                  : Booking::ref_in_use;
  } else if (!rows.boolean(0, "is_connected_there")) {
    booked.booking = Booking::not_connected;
  } else {
    booked.booking = rows.boolean(0, "is_held") ? Booking::conflict : Booking::hold_expired;
  }
  return booked;
}

Result<BookedInterview> find_interview_of_ref(postgres::Pool& pool, const Interview& wanted, Deadline deadline) {
  auto rows = pool.query(sql::find_interview_of_ref{.digest = wanted.digest,
                                                    .body = body_json(wanted.body),
                                                    .user_id = wanted.user_id,
                                                    .start = wanted.start,
                                                    .until = wanted.end,
                                                    .organization_id = wanted.organization_id,
                                                    .interview_ref = wanted.interview_ref},
                         deadline);
  if (!rows) return std::move(rows).error();
  BookedInterview found;
  if (rows->empty()) return found;
  auto stored = interview_from(*rows, 0);
  if (!stored) return std::move(stored).error();
  found.booking = rows->boolean(0, "is_same") ? Booking::there_already : Booking::ref_in_use;
  found.interview = std::move(*stored);
  return found;
}

Status drop_interview(postgres::Pool& pool, const Interview& interview, Deadline deadline) {
  return status_of(pool.query(
      sql::drop_interview{.organization_id = interview.organization_id, .event_id = interview.id}, deadline));
}

Result<ChangeOutcome> change_interview(postgres::Pool& pool, const ChangedInterview& change, Deadline deadline) {
  const Interview& interview = change.interview;
  const std::vector<std::string> takers = takers_of(interview);
  const Deadline lease_ends = Deadline::in(change.lease);
  auto results = pool.transaction(
      {sql::lock_people{.organization_id = interview.organization_id, .user_ids = takers},
       sql::change_interview{.people = interview.body.interviewer_ids,
                             .start = interview.start,
                             .until = interview.end,
                             .organization_id = interview.organization_id,
                             .hold_id = nullptr,
                             .event_id = interview.id,
                             .body = body_json(interview.body),
                             .guests = guests_json(interview.guests),
                             .parts = change.parts,
                             .names_time = change.names_time,
                             .version = interview.version,
                             .checks_time = change.checks_time,
                             .allow_conflict = change.allow_conflict,
                             .takers = takers,
                             .owner = change.owner,
                             .lease = change.lease,
                             .actor_id = or_null(change.actor.user_id),
                             .ip_address = or_null(change.actor.ip_address),
                             .user_agent = or_null(change.actor.user_agent)}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& rows = results->back();
  ChangeOutcome outcome;
  if (rows.is_null(0, "event_id")) {
    if (!change.allow_conflict) outcome.conflicts = or_empty(rows, 0, "conflicts");
    return outcome;
  }
  auto stored = interview_from(rows, 0);
  if (!stored) return std::move(stored).error();
  outcome.is_stored = true;
  outcome.job = job_from(rows, *stored, change.owner, lease_ends);
  outcome.interview = std::move(*stored);
  return outcome;
}

Result<std::optional<CancelledInterview>> cancel_interview(postgres::Pool& pool, const std::string& organization,
                                                           const std::string& id, const std::string& owner,
                                                           std::chrono::seconds lease, const Actor& actor,
                                                           Deadline deadline) {
  const Deadline lease_ends = Deadline::in(lease);
  auto rows = pool.query(sql::cancel_interview{.organization_id = organization,
                                               .event_id = id,
                                               .owner = owner,
                                               .lease = lease,
                                               .actor_id = or_null(actor.user_id),
                                               .ip_address = or_null(actor.ip_address),
                                               .user_agent = or_null(actor.user_agent)},
                         deadline);
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<CancelledInterview>();
  auto stored = interview_from(*rows, 0);
  if (!stored) return std::move(stored).error();
  auto job = job_from(*rows, *stored, owner, lease_ends);
  return std::optional(CancelledInterview{std::move(*stored), std::move(job)});
}

Result<std::optional<Interview>> find_interview(postgres::Pool& pool, const std::string& organization,
                                                const std::string& id, Deadline deadline) {
  auto found = interviews_from(
      pool.query(sql::find_interview{.organization_id = organization, .event_id = id}, deadline));
  if (!found) return std::move(found).error();
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::vector<Interview>> list_interviews(postgres::Pool& pool, const std::string& organization,
                                               const InterviewFilter& filter, Deadline deadline) {
  if (!filter.user_id)
    return interviews_from(pool.query(sql::list_interviews{.organization_id = organization,
                                                           .interview_ref = filter.interview_ref,
                                                           .from = filter.from,
                                                           .until = filter.to,
                                                           .after_start = filter.after_start,
                                                           .after_id = filter.after_id,
                                                           .most = filter.most},
                                      deadline));
  return interviews_from(pool.query(sql::list_interviews_of_user{.organization_id = organization,
                                                                 .user_id = *filter.user_id,
                                                                 .alone = filter.is_about_one_alone,
                                                                 .interview_ref = filter.interview_ref,
                                                                 .from = filter.from,
                                                                 .until = filter.to,
                                                                 .after_start = filter.after_start,
                                                                 .after_id = filter.after_id,
                                                                 .most = filter.most},
                                    deadline));
}

namespace {

Result<StrandedInterviews> stranded_from(const postgres::Rows& rows) {
  StrandedInterviews stranded;
  for (size_t row = 0; row < rows.size(); ++row) {
    const auto provider = parse_provider(rows.text(row, "provider"));
    if (!provider) return Error{.fault = Fault::corrupt, .what = "an interview's row has a provider that doesn't exist"};
    stranded.first.push_back({.title = or_empty(rows, row, "title"),
                              .start = rows.instant(row, "starts_at"),
                              .provider = *provider,
                              .is_cancelled = rows.boolean(row, "is_cancelled")});
    stranded.total = rows.integer(row, "total");
  }
  return stranded;
}

}  // namespace

Result<RowsAndStranded> read_with_stranded(postgres::Pool& pool, const postgres::Statement& select,
                                           const std::string& organization, const std::string& user_id,
                                           Deadline deadline) {
  auto results = pool.transaction(
      {select, sql::list_stranded_interviews{.organization_id = organization, .user_id = user_id}}, deadline);
  if (!results && results.error().detail == Detail::no_such_table) {
    auto rows = pool.query(select, deadline);
    if (!rows) return std::move(rows).error();
    return RowsAndStranded{.rows = std::move(*rows), .stranded = {}};
  }
  if (!results) return std::move(results).error();
  auto stranded = stranded_from(results->back());
  if (!stranded) return std::move(stranded).error();
  return RowsAndStranded{.rows = std::move(results->front()), .stranded = std::move(*stranded)};
}

Result<int64_t> count_upcoming_interviews(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  auto rows = pool.query(sql::count_upcoming_interviews{.organization_id = integration.organization_id,
                                                        .integration_id = integration.id},
                         deadline);
  if (!rows && rows.error().detail == Detail::no_such_table) return int64_t{0};
  if (!rows) return std::move(rows).error();
  return rows->integer(0, "interviews");
}

namespace {

// Of a row that has both, as far as they are there.
Result<InterviewJob> interview_job_from(const postgres::Rows& rows, size_t row, ClaimedJob job) {
  InterviewJob one{.job = std::move(job)};
  if (!rows.is_null(row, "id")) {
    auto integration = integration_from(rows, row);
    if (!integration) return std::move(integration).error();
    one.integration = std::move(*integration);
  }
  if (!rows.is_null(row, "event_id")) {
    auto interview = interview_from(rows, row);
    if (!interview) return std::move(interview).error();
    one.interview = std::move(*interview);
  }
  return one;
}

}  // namespace

Result<Claimed<InterviewJob>> claim_interviews(postgres::Pool& pool, const Claim& claim, RoundRobin& round,
                                               Deadline deadline) {
  const Deadline lease_ends = Deadline::in(claim.lease);
  auto rows = pool.query(claiming<sql::claim_interviews>(claim, round), deadline);
  if (!rows) return std::move(rows).error();
  Claimed<InterviewJob> claimed{.may_be_more = go_on(round, *rows)};
  for (size_t row = 0; row < rows->size() && !rows->is_null(row, "job"); ++row) {
    auto one = interview_job_from(*rows, row, claimed_job(*rows, row, claim.owner, lease_ends));
    if (!one) return std::move(one).error();
    claimed.jobs.push_back(std::move(*one));
  }
  return claimed;
}

Result<InterviewJob> read_interview_job(postgres::Pool& pool, const ClaimedJob& job, Deadline deadline) {
  auto rows = pool.query(
      sql::read_interview_job{.organization_id = job.organization_id, .job = job.id, .owner = job.owner}, deadline);
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return Error{.fault = Fault::conflict, .what = "somebody else works on the interview by now"};
  return interview_job_from(*rows, 0, job);
}

Result<Interview> note_interview_seen(postgres::Pool& pool, const ClaimedJob& job, const SeenInterview& seen,
                                      std::optional<Instant> look_at, Deadline deadline) {
  const provider::WrittenEvent& event = seen.event;
  return leased_from(pool.query(
      sql::note_interview_seen{.organization_id = job.organization_id,
                               .event_id = seen.before.id,
                               .job = job.id,
                               .owner = job.owner,
                               .version = seen.before.version,
                               .sent = seen.sent,
                               .start = event.start,
                               .until = event.end,
                               .answers = answers_json(event.answers),
                               .is_declined = seen.is_declined,
                               .room = kRooms[static_cast<size_t>(event.room)].name,
                               .room_url = or_null(event.room_url),
                               .provider_event_id = event.place.id,
                               .uid = or_null(event.uid),
                               .calendar_id = event.place.calendar,
                               .html_link = or_null(event.html_link),
                               .claimed_due_at = job.due_at,
                               .look_at = look_at},
      deadline));
}

Result<Interview> note_interview_ended(postgres::Pool& pool, const ClaimedJob& job, const Interview& interview,
                                       Deadline deadline) {
  return leased_from(pool.query(sql::note_interview_ended{.organization_id = job.organization_id,
                                                          .event_id = interview.id,
                                                          .job = job.id,
                                                          .owner = job.owner,
                                                          .claimed_due_at = job.due_at,
                                                          .look_at = nullptr},
                                deadline));
}

Result<Interview> note_interview_deleted(postgres::Pool& pool, const ClaimedJob& job, const Interview& interview,
                                         Deadline deadline) {
  return leased_from(pool.query(sql::note_interview_deleted{.organization_id = job.organization_id,
                                                            .event_id = interview.id,
                                                            .job = job.id,
                                                            .owner = job.owner,
                                                            .claimed_due_at = job.due_at,
                                                            .look_at = nullptr},
                                deadline));
}

Result<Interview> note_interview_problem(postgres::Pool& pool, const PutOff& put_off, const Interview& interview,
                                         const std::string& type, const std::string& detail, bool is_final,
                                         Deadline deadline) {
  return leased_from(pool.query(
      sql::note_interview_problem{.organization_id = put_off.job.organization_id,
                                  .event_id = interview.id,
                                  .job = put_off.job.id,
                                  .owner = put_off.job.owner,
                                  .problem = type,
                                  .problem_detail = detail,
                                  .is_final = is_final,
                                  .version = interview.version,
                                  .attempts = put_off.again.attempts,
                                  .reason = or_null(put_off.again.reason),
                                  .claimed_due_at = put_off.job.due_at,
                                  .pause = put_off.again.in.value_or(std::chrono::seconds(0)),
                                  .keeps_backoff = put_off.again.keeps_backoff},
      deadline));
}

}  // namespace calint::store
