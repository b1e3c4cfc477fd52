// An interview: what the ATS asked for, what of it the provider hasn't been told yet, and how the event stands there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/words.h"
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

// The job that tells the provider (kind "interview", its subject the interview's id), with both as they are now.
struct InterviewJob {
  ClaimedJob job;
  std::optional<Integration> integration;  // nothing: it is no longer active
  std::optional<Interview> interview;      // nothing: it is gone
};

}  // namespace calint::store
