// Interviews as the ATS asks for them, and as it and people's pages are told of them.
//
// A row is written first, with the job that tells the provider: so nothing is lost, whatever ends. `unsent` has the
// parts that the provider hasn't got for certain; a change adds to it, and what was sent leaves it only where no other
// change came meanwhile (interview_jobs.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"
#include "store/interview.h"

namespace calint::store {

// Whose time an interview takes, and where it would be written.
struct InterviewPerson {
  std::string user_id;
  std::string email;      // under which they are invited: their connected account's, else calint_users'; may be empty
  std::string name;
  std::string time_zone;  // as calint_users has it
};
struct Organiser : InterviewPerson {
  int64_t integration_id = 0;  // 0: none is active
  ProviderId provider = ProviderId::google;
  std::string calendar_id;     // empty: no calendar is chosen
  std::vector<std::string> addresses;  // all of theirs
};
struct InterviewPeople {
  std::optional<Organiser> organiser;         // nothing: no active user of the organisation
  std::vector<InterviewPerson> interviewers;  // those who are active users, in the order asked
};
Result<InterviewPeople> find_interview_people(postgres::Pool& pool, const std::string& organization,
                                              const std::string& organiser,
                                              const std::vector<std::string>& interviewers, Deadline deadline);

struct WantedInterview {
  Interview interview;        // new: everything that the ATS chose, integration, provider and calendar
  std::string hold_id;        // empty: none
  bool allow_conflict = false;
  std::string owner;          // of the lease on its job, which the caller has for `lease`
  std::chrono::seconds lease{0};
  Actor actor;                // for the audit log
};
enum class Booking {
  made,
  there_already,   // the same was asked for before
  ref_in_use,
  hold_expired,
  conflict,
  not_connected,   // the integration is no longer active, or the calendar another one: ask again
};
struct BookedInterview {
  Booking booking = Booking::made;
  std::optional<Interview> interview;   // made, there_already, ref_in_use
  std::string conflicts = {};           // JSON; empty: nothing was in the way
  std::optional<InterviewJob> job = {};  // made
  std::string released = {};            // made: the holds that it released, for drop_interview()
};
// Takes the people's time, the hold's place, and releases other holds of its ref, in one transaction. One round trip.
Result<BookedInterview> book_interview(postgres::Pool& pool, const WantedInterview& wanted, Deadline deadline);

// What has the ref of one that isn't wanted for another reason: there_already or ref_in_use, else `interview` is empty.
Result<BookedInterview> find_interview_of_ref(postgres::Pool& pool, const Interview& wanted, Deadline deadline);

// One that has failed and never was in a calendar goes, and the holds that it released are back, unless somebody has taken
// their time meanwhile. Changes tell of it all the same.
Status drop_interview(postgres::Pool& pool, const Interview& interview, const std::string& released, Deadline deadline);

struct ChangedInterview {
  Interview interview;        // as it is to be; version as it was read
  std::vector<std::string> parts;  // that the provider is to be told
  bool names_time = false;    // what somebody did to it in the calendar is overruled
  bool checks_time = false;   // time or people are others: conflicts count
  bool allow_conflict = false;
  std::string owner;
  std::chrono::seconds lease{0};
  Actor actor;
};
struct ChangeOutcome {
  bool is_stored = false;     // false: a conflict, or another change came first (no conflicts then)
  std::string conflicts = {};
  std::optional<Interview> interview = {};
  std::optional<InterviewJob> job = {};  // nothing: somebody works on it, and goes on with this
};
Result<ChangeOutcome> change_interview(postgres::Pool& pool, const ChangedInterview& change, Deadline deadline);

// The interview ends here; the provider is still to be told, unless its connection has ended. nullopt: there is none.
// With a version, only while it has that: else it comes back as it is.
struct CancelledInterview {
  Interview interview;
  std::optional<InterviewJob> job = {};  // nothing: there is nothing to tell, or somebody works on it
};
Result<std::optional<CancelledInterview>> cancel_interview(postgres::Pool& pool, const std::string& organization,
                                                           const std::string& id, std::optional<int64_t> version,
                                                           const std::string& owner, std::chrono::seconds lease,
                                                           const Actor& actor, Deadline deadline);

Result<std::optional<Interview>> find_interview(postgres::Pool& pool, const std::string& organization,
                                                const std::string& id, Deadline deadline);

struct InterviewFilter {
  std::optional<std::string> interview_ref;
  std::optional<std::string> user_id;    // organiser or interviewer
  bool is_about_one_alone = false;       // and nobody else's time is in it
  std::optional<Instant> from;           // that touch from..to
  std::optional<Instant> to;
  Instant after_start;                   // with the id: the place behind which the list begins
  std::string after_id;
  int most = 0;
};
Result<std::vector<Interview>> list_interviews(postgres::Pool& pool, const std::string& organization,
                                               const InterviewFilter& filter, Deadline deadline);

// Upcoming interviews that stay in the calendar of a connection that has ended, for the page of their organiser.
struct StrandedInterview {
  std::string title;
  Instant start;
  ProviderId provider = ProviderId::google;
  bool is_cancelled = false;  // here; the calendar doesn't know
};
struct StrandedInterviews {
  std::vector<StrandedInterview> first;  // in the order of their times
  int64_t total = 0;
};
// What else a page reads of the same user, and these: one round trip. None before the schema has interviews.
struct RowsAndStranded {
  postgres::Rows rows;
  StrandedInterviews stranded;
};
Result<RowsAndStranded> read_with_stranded(postgres::Pool& pool, const postgres::Statement& select,
                                           const std::string& organization, const std::string& user_id,
                                           Deadline deadline);

// How many upcoming interviews would stay in the integration's calendars if it ended. 0 before the schema has any.
Result<int64_t> count_upcoming_interviews(postgres::Pool& pool, const Integration& integration, Deadline deadline);

}  // namespace calint::store
