// Interviews: what the ATS asked for, what of it the provider hasn't been told yet, and how the event stands there.
//
// A row is written first, with the job that tells the provider (kind "interview", its subject the interview's id): so
// nothing is lost, whatever ends. `unsent` has the parts that the provider hasn't got for certain; a change adds to
// it, and what was sent leaves it only where no other change came meanwhile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/words.h"
#include "postgres/pool.h"
#include "provider/events.h"
#include "store/jobs.h"
#include "store/records.h"

namespace calint::store {

enum class InterviewStatus {
  pending,    // the provider hasn't been told all
  confirmed,
  cancelled,  // by the ATS, or in the calendar
  failed,     // won't succeed as it is
};
inline constexpr std::array<Word<InterviewStatus>, 4> kInterviewStatuses = {{
    {InterviewStatus::pending, "pending"},
    {InterviewStatus::confirmed, "confirmed"},
    {InterviewStatus::cancelled, "cancelled"},
    {InterviewStatus::failed, "failed"},
}};
static_assert(is_word_table(kInterviewStatuses));

// A guest's answer, as the ATS hears of it.
inline constexpr std::array<Word<provider::Attendance>, 4> kAttendances = {{
    {provider::Attendance::needs_action, "needs_action"},
    {provider::Attendance::accepted, "accepted"},
    {provider::Attendance::declined, "declined"},
    {provider::Attendance::tentative, "tentative"},
}};
static_assert(is_word_table(kAttendances));

// The conference that a provider makes.
inline constexpr std::array<Word<provider::Room>, 4> kRooms = {{
    {provider::Room::none, "none"},
    {provider::Room::pending, "pending"},
    {provider::Room::ready, "ready"},
    {provider::Room::failed, "failed"},
}};
static_assert(is_word_table(kRooms));

// What people did in their calendar.
enum class ChangedInCalendar { time, deleted, declined };
inline constexpr std::array<Word<ChangedInCalendar>, 3> kChangedInCalendar = {{
    {ChangedInCalendar::time, "time"},
    {ChangedInCalendar::deleted, "deleted"},
    {ChangedInCalendar::declined, "declined"},
}};
static_assert(is_word_table(kChangedInCalendar));

// What the ATS asks for: the members of POST /events, in one form whatever was left out.
struct InterviewBody {
  std::string title;
  std::string description;
  std::string location;
  std::string time_zone;  // IANA
  std::vector<provider::Guest> attendees;
  std::vector<std::string> interviewer_ids;  // no two alike
  bool conference = false;
  std::string conference_url;  // empty: none
  bool notify = true;
  bool hide_guests = false;
  std::optional<int> reminder;  // minutes

  bool operator==(const InterviewBody&) const = default;
};

struct Problem {
  std::string type;    // the name of a problem type
  std::string detail;  // for people
  Instant since;
};

struct Interview {
  std::string organization_id;
  std::string id;             // 32 hexadecimal digits, random: the key at the provider too
  std::string user_id;        // the organiser
  std::string interview_ref;
  InterviewBody body;
  Instant start;              // as it stands in the calendar, where somebody moved it there
  Instant end;
  InterviewStatus status = InterviewStatus::pending;
  int64_t version = 1;        // raised by whatever the ATS sends
  std::vector<provider::Guest> guests;  // who is invited: attendees, and interviewers by their addresses
  std::string digest = {};              // of what was asked for first; only to be stored: isn't read
  std::vector<std::string> unsent;      // "create", "cancel", and names of EventParts

  int64_t integration_id = 0;
  bool is_connected = true;   // the integration is the organiser's active one
  bool is_watched = true;     // its calendar is read: what people do to it is seen
  ProviderId provider = ProviderId::google;
  std::string calendar_id;    // that it was written to
  std::string provider_event_id = {};  // empty: not known yet
  std::string uid = {};
  std::string html_link = {};
  provider::Room room = provider::Room::none;
  std::string room_url = {};
  std::vector<provider::GuestAnswer> answers = {};
  std::optional<ChangedInCalendar> changed_in_calendar = {};
  std::optional<Problem> problem = {};
  Instant created_at;
  Instant updated_at;
};

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
  std::optional<ClaimedJob> job = {};   // made
};
// Takes the people's time, the hold's place, and releases other holds of its ref, in one transaction. One round trip.
Result<BookedInterview> book_interview(postgres::Pool& pool, const WantedInterview& wanted, Deadline deadline);

// What has the ref of one that isn't wanted for another reason: there_already or ref_in_use, else `interview` is empty.
Result<BookedInterview> find_interview_of_ref(postgres::Pool& pool, const Interview& wanted, Deadline deadline);

// As if it had never been.
Status drop_interview(postgres::Pool& pool, const Interview& interview, Deadline deadline);

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
  std::optional<ClaimedJob> job = {};  // nothing: somebody works on it, and goes on with this
};
Result<ChangeOutcome> change_interview(postgres::Pool& pool, const ChangedInterview& change, Deadline deadline);

// The interview ends here; the provider is still to be told, unless its connection has ended. nullopt: there is none.
struct CancelledInterview {
  Interview interview;
  std::optional<ClaimedJob> job = {};  // nothing: there is nothing to tell, or somebody works on it
};
Result<std::optional<CancelledInterview>> cancel_interview(postgres::Pool& pool, const std::string& organization,
                                                           const std::string& id, const std::string& owner,
                                                           std::chrono::seconds lease, const Actor& actor,
                                                           Deadline deadline);

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

// For the job.
struct InterviewJob {
  ClaimedJob job;
  std::optional<Integration> integration;  // nothing: it is no longer active
  std::optional<Interview> interview;      // nothing: it is gone
};
Result<Claimed<InterviewJob>> claim_interviews(postgres::Pool& pool, const Claim& claim, RoundRobin& round,
                                               Deadline deadline);
// The same for a job whose lease the caller has.
Result<InterviewJob> read_interview_job(postgres::Pool& pool, const ClaimedJob& job, Deadline deadline);

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
