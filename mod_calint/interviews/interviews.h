// Interviews, as the ATS asks for them: booked, changed and cancelled. What is asked for is stored first; then its
// event is written within what is left of the call's time, as its job would (deliver.h), and a job goes on where that
// is too short, the provider fails, or another process ends in the middle.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/interviews.h"

namespace calint::interviews {

struct Booking {
  std::string organization_id;
  std::string user_id;        // the organiser
  std::string interview_ref;
  store::InterviewBody body;  // time_zone may be empty: the organiser's, else UTC
  Instant start;
  Instant end;
  std::string hold_id;        // empty: none
  bool allow_conflict = false;
  store::Actor actor;
};

// Why nothing was stored.
enum class Refused {
  unknown_person,          // `user_ids`: no active users of the organisation, and weren't in it before
  not_connected,           // the organiser has no connection
  no_destination,          // nor a calendar for interviews
  conference_unsupported,
  hides_no_guests,         // the provider can't hide guests from each other
  no_address,              // `user_ids`: interviewers who can't be invited
  too_many_guests,
  ref_in_use,
  hold_expired,
  conflict,                // `conflicts`
  changed_meanwhile,
  deleted_in_calendar,
  organiser_disconnected,
  cancelled,               // it can't be changed any more
};
struct Refusal {
  Refused why;
  std::vector<std::string> user_ids = {};
  std::string conflicts = {};  // JSON
};

struct Stored {
  store::Interview interview;
  bool is_new = false;
};

// refused: nothing was stored. Errors are the database's.
Result<std::variant<Stored, Refusal>> book(Runtime& runtime, const Call& call, const Booking& booking);

// What a PATCH makes of `before`: body and time as they are to be. conference and conference_url change only where
// `before` has the same kind. Nothing is done where nothing is another.
struct Change {
  store::Interview before;    // as read; if it isn't the present one any more: changed_meanwhile
  store::InterviewBody body;
  Instant start;
  Instant end;
  bool names_time = false;    // start or end were named: what somebody did in the calendar is overruled
  bool allow_conflict = false;
  store::Actor actor;
};
Result<std::variant<Stored, Refusal>> change(Runtime& runtime, const Call& call, const Change& change);

// nullopt: there is none. It is cancelled when this returns, unless it isn't in `version`, where that is set; whether the
// provider has been told, its `unsent` says.
Result<std::optional<store::Interview>> cancel(Runtime& runtime, const Call& call, const std::string& organization_id,
                                               const std::string& id, std::optional<int64_t> version,
                                               const store::Actor& actor);

}  // namespace calint::interviews
