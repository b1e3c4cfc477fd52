#include "store/interviews.h"

#include <algorithm>

#include "store/interview_json.h"
#include "store/interview_rows.h"
#include "store/sql/holds.h"
#include "store/sql/interviews.h"

namespace calint::store {
namespace {

using postgres::or_null;

std::string or_empty(const postgres::Rows& rows, size_t row, const char* column) {
  return rows.maybe_text(row, column).value_or("");
}

// Organiser and interviewers.
std::vector<std::string> takers_of(const Interview& interview) {
  std::vector<std::string> takers = interview.body.interviewer_ids;
  if (std::ranges::find(takers, interview.user_id) == takers.end()) takers.push_back(interview.user_id);
  return takers;
}

// The job whose lease the caller has, if anybody's.
Result<std::optional<InterviewJob>> leased_job(const postgres::Rows& rows, const Interview& interview,
                                               const std::string& owner, Deadline lease_ends) {
  const auto id = rows.maybe_integer(0, "job");
  if (!id) return std::optional<InterviewJob>();
  auto job = interview_job_from(rows, 0,
                                {.organization_id = interview.organization_id,
                                 .id = *id,
                                 .integration_id = interview.integration_id,
                                 .subject = interview.id,
                                 .attempts = 1,
                                 .due_at = rows.instant(0, "job_due_at"),
                                 .owner = owner,
                                 .lease_ends = lease_ends});
  if (!job) return std::move(job).error();
  return std::optional(std::move(*job));
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
    auto job = leased_job(rows, *stored, wanted.owner, lease_ends);
    if (!job) return std::move(job).error();
    booked.job = std::move(*job);
    booked.released = or_empty(rows, 0, "released");
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

Status drop_interview(postgres::Pool& pool, const Interview& interview, const std::string& released, Deadline deadline) {
  return status_of(pool.transaction(
      {sql::lock_people{.organization_id = interview.organization_id, .user_ids = takers_of(interview)},
       sql::drop_interview{.organization_id = interview.organization_id,
                           .event_id = interview.id,
                           .released = released.empty() ? "[]" : released}},
      deadline));
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
                             .integration_id = interview.integration_id,
                             .parts = change.parts,
                             .body = body_json(interview.body),
                             .guests = guests_json(interview.guests),
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
  auto job = leased_job(rows, *stored, change.owner, lease_ends);
  if (!job) return std::move(job).error();
  outcome.is_stored = true;
  outcome.job = std::move(*job);
  outcome.interview = std::move(*stored);
  return outcome;
}

Result<std::optional<CancelledInterview>> cancel_interview(postgres::Pool& pool, const std::string& organization,
                                                           const std::string& id, std::optional<int64_t> version,
                                                           const std::string& owner, std::chrono::seconds lease,
                                                           const Actor& actor, Deadline deadline) {
  const Deadline lease_ends = Deadline::in(lease);
  auto rows = pool.query(sql::cancel_interview{.organization_id = organization,
                                               .event_id = id,
                                               .version = version,
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
  auto job = leased_job(*rows, *stored, owner, lease_ends);
  if (!job) return std::move(job).error();
  return std::optional(CancelledInterview{std::move(*stored), std::move(*job)});
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
    if (!provider)
      return Error{.fault = Fault::corrupt, .what = "an interview's row has a provider that doesn't exist"};
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

}  // namespace calint::store
