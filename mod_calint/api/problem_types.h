// The problems of the interface (RFC 9457): the one table of their types. `docs/api.md` has the same, and each type is
// the address of a page that says it.
#pragma once

#include <array>
#include <string_view>

namespace calint::api {

struct ProblemType {
  std::string_view name;  // what `type` ends in; stable
  int status;             // that it comes with, unless a call has another one
  std::string_view title;
  std::string_view meaning;
  std::string_view remedy;
};

inline constexpr std::array<ProblemType, 23> kProblemTypes = {{
    {"invalid_request", 400, "The request can't be used",
     "It isn't JSON, lacks something, has a member or parameter that nobody knows, or a value that isn't allowed; with "
     "422, one that the organiser's provider can't take.",
     "Look at errors: each names a place in the request and what is wrong there. Sending it again won't help."},
    {"unauthenticated", 401, "Nobody is signed in",
     "The call came without a signed-in user, or with a service key that is unknown, expired or withdrawn.",
     "Sign the user in, or send a valid key as Authorization: Bearer."},
    {"forbidden", 403, "Not allowed",
     "The user or the key may not make this call, or the call came from another site or without its CSRF token.",
     "Use a key with the scope, a scheduler, or the csrf_token of GET /integration as X-CSRF-Token."},
    {"not_found", 404, "Not found",
     "There is no such address, user, hold or interview, or it belongs to another organisation.",
     "Look at errors for the place of an unknown id."},
    {"method_not_allowed", 405, "This address has no such method", "The address exists; Allow names its methods.",
     "Use one of the methods that Allow names."},
    {"not_acceptable", 406, "No such form of the answer", "Accept excludes every form that this address answers in.",
     "Ask for application/json; for availability text/calendar is there as well."},
    {"not_connected", 409, "No calendar is connected", "The user has no working connection to a calendar.",
     "Lead the user to connect_url of their integration."},
    {"no_destination", 409, "No calendar for interviews", "The organiser has chosen no calendar that interviews go to.",
     "Lead the organiser to their calendar settings."},
    {"organiser_disconnected", 409, "The organiser's calendar is no longer connected",
     "The interview was written through a connection that has ended.", "Cancel it, and make a new one."},
    {"conflict", 409, "The time is taken, or it changed meanwhile",
     "Somebody's time is taken: conflicts names whose and when. Or another change came first.",
     "Choose another time, or send allow_conflict; where another change came first, read again."},
    {"hold_expired", 409, "The hold has ended", "It was used, deleted or has expired.", "Make a new hold."},
    {"ref_in_use", 409, "The ref belongs to something else", "An interview of this ref exists with other contents.",
     "Change that interview, or use another ref."},
    {"deleted_in_calendar", 409, "Deleted in the calendar", "Somebody deleted the interview in their calendar.",
     "Make a new one."},
    {"changes_gone", 410, "Changes are no longer kept", "What came after this id is older than is kept.",
     "Read what you need anew, then begin without after."},
    {"precondition_failed", 412, "Changed since it was read",
     "If-Match names a state that is no longer the present one.",
     "Read it again, and decide anew."},
    {"too_large", 413, "The request is too large", "A body has 256 kB at most.", "Ask for less at once."},
    {"unsupported_media_type", 415, "Not JSON", "A body comes as application/json.",
     "Send Content-Type: application/json."},
    {"conference_unsupported", 422, "No such conference",
     "The organiser's provider makes no conference for this account.",
     "Give conference_url, or none."},
    {"rate_limited", 429, "Too many requests", "A limit of this server or of a provider was reached.",
     "Wait for as long as Retry-After says."},
    {"internal", 500, "Internal error", "This is a mistake of ours.", "Report it with its request_id."},
    {"provider_unavailable", 503, "The calendar can't be reached", "The provider doesn't answer at present.",
     "Try again after Retry-After."},
    {"database_unavailable", 503, "The database can't be reached", "This server's database doesn't answer at present.",
     "Try again after Retry-After."},
    {"misconfigured", 503, "The administrator must mend this",
     "An OAuth client, a key, the schema or a file is set up wrongly; the error log says which.",
     "Tell the administrator the request_id."},
}};

// Never nullptr for a name of ours.
constexpr const ProblemType* find_problem_type(std::string_view name) {
  for (const ProblemType& type : kProblemTypes)
    if (type.name == name) return &type;
  return nullptr;
}

}  // namespace calint::api
