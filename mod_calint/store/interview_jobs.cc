#include "store/interview_jobs.h"

#include "store/claims.h"
#include "store/interview_json.h"
#include "store/interview_rows.h"
#include "store/sql/interviews.h"

namespace calint::store {
namespace {

using postgres::or_null;

// What a statement about a leased job returns.
Result<Interview> leased_from(const Result<postgres::Rows>& rows) {
  auto all = interviews_from(rows);
  if (!all) return std::move(all).error();
  if (all->empty()) return Error{.fault = Fault::conflict, .what = "somebody else works on the interview by now"};
  return std::move(all->front());
}

// What ends the job for good.
template <typename Statement>
Statement about(const ClaimedJob& job, const Interview& interview) {
  return {.organization_id = job.organization_id,
          .event_id = interview.id,
          .job = job.id,
          .owner = job.owner,
          .claimed_due_at = job.due_at,
          .look_at = nullptr};
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
  return leased_from(pool.query(about<sql::note_interview_ended>(job, interview), deadline));
}

Result<Interview> note_interview_deleted(postgres::Pool& pool, const ClaimedJob& job, const Interview& interview,
                                         Deadline deadline) {
  return leased_from(pool.query(about<sql::note_interview_deleted>(job, interview), deadline));
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
