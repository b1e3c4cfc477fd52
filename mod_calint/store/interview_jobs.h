// Jobs that tell providers of interviews: whoever has the lease of one stores here what came of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"
#include "store/interview.h"

namespace calint::store {

Result<Claimed<InterviewJob>> claim_interviews(postgres::Pool& pool, const Claim& claim, RoundRobin& round,
                                               Deadline deadline);
// How an event stands, as a call told.
struct SeenInterview {
  const Interview& before;            // that the call was made for
  provider::WrittenEvent event;
  std::vector<std::string> sent;      // of before.unsent: what the provider has now
  bool is_declined = false;           // the organiser or an interviewer declined
};
// Stores it, tells the ATS what changed, and ends the lease: the job comes again at once where something is unsent, at
// `look_at` where that is set, else it is gone. conflict where somebody else has the lease.
Result<Interview> note_interview_seen(postgres::Pool& pool, const ClaimedJob& job, const SeenInterview& seen,
                                      std::optional<Instant> look_at, Deadline deadline);

// The provider was told of a cancellation. Ends the job.
Result<Interview> note_interview_ended(postgres::Pool& pool, const ClaimedJob& job, const Interview& interview,
                                       Deadline deadline);

// Somebody deleted it in the calendar: it is cancelled. Ends the job.
Result<Interview> note_interview_deleted(postgres::Pool& pool, const ClaimedJob& job, const Interview& interview,
                                         Deadline deadline);

// It can't be told now (`is_final`: ever, as it is). Ends the lease; the job comes again as said, or is gone. What is
// final waits for another change.
Result<Interview> note_interview_problem(postgres::Pool& pool, const PutOff& put_off, const Interview& interview,
                                         const std::string& type, const std::string& detail, bool is_final,
                                         Deadline deadline);

}  // namespace calint::store
