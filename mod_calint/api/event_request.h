// Interviews as the ATS asks for them, in one form whatever was left out. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/known_time.h"
#include "base/request_json.h"
#include "store/interviews.h"

namespace calint::api {

using availability::SysTime;

// What a request names of an interview; what it doesn't name is unset. A member that is null has its default.
struct EventMembers {
  std::optional<std::string> title = {};
  std::optional<std::string> description = {};
  std::optional<std::string> location = {};
  std::optional<SysTime> start = {};
  std::optional<SysTime> end = {};
  std::optional<std::string> time_zone = {};       // empty: the organiser's
  std::optional<std::vector<provider::Guest>> attendees = {};
  std::optional<std::vector<NamedUser>> interviewers = {};  // none: the organiser
  std::optional<bool> conference = {};
  std::optional<std::string> conference_url = {};  // empty: none
  std::optional<bool> notify = {};
  std::optional<bool> hide_guests = {};
  std::optional<std::optional<int>> reminder = {};
  bool allow_conflict = false;
};

// What is to be.
struct EventPlan {
  store::InterviewBody body;
  Instant start;
  Instant end;
};

// POST /events. Where there are problems, nothing else of it counts.
struct EventRequest {
  std::string user_id;
  std::string interview_ref;
  std::string hold_id;  // empty: none
  bool allow_conflict = false;
  std::vector<NamedUser> users;  // organiser and interviewers, no two alike
  EventPlan plan;
};
EventRequest parse_event_request(const json_t* tree, SysTime now, Problems& problems);

// PATCH /events/{id} (RFC 7396), and what it makes of an interview.
EventMembers parse_event_change(const json_t* tree, SysTime now, Problems& problems);
EventPlan changed(const store::Interview& before, const EventMembers& members, Problems& problems);

}  // namespace calint::api
