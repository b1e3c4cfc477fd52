#include "provider/caldav/errors.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "provider/caldav/multistatus.h"

namespace calint::caldav {
namespace {

// What is asked for are lists: none could be gone or changed meanwhile.
Fault fault_of(int status) {
  switch (status) {
    case 400:
    case 415: return Fault::bug;
    case 401: return Fault::reconnect;
    case 403: return Fault::forbidden;
    case 429: return Fault::rate_limited;
    default: return Fault::unavailable;
  }
}

struct Refusal {
  int status = 0;
  bool is_unclear = false;              // a 207 that doesn't say what became of the object
  std::vector<std::string> conditions;  // that weren't met, as dav::Response's
};

// The status of a 207 is that of the first resource that failed, itself or one of its properties. That it doesn't have
// one of them is nothing of the object's.
void add_resource(Refusal& refusal, const dav::Response& one) {
  refusal.conditions.insert(refusal.conditions.end(), one.conditions.begin(), one.conditions.end());
  const int failure = one.failure() != 0 ? one.failure() : one.property_refusal;
  if (failure == 0 || refusal.status != 207) return;
  const bool is_its_own = failure == one.status;
  if (is_its_own || (failure != 404 && failure != 410)) refusal.status = failure;
  else refusal.is_unclear = true;
}

Refusal refusal_in(const HttpResponse& response) {
  Refusal refusal{.status = response.status};
  const auto root = xml::parse(response.body.reveal());
  if (root && root->name == "{DAV:}error")
    for (const xml::Element& one : root->children) refusal.conditions.push_back(dav::local_name(one));
  if (response.status != 207) return refusal;
  const auto answers = dav::parse_multistatus(response);
  refusal.is_unclear = !answers;
  if (!answers) return refusal;
  for (const dav::Response& one : *answers) add_resource(refusal, one);
  return refusal;
}

// RFC 4791, 5.3.2.1; RFC 6638, 3.2.4; RFC 4331, 6; and CalendarServer's own words.
std::optional<Fault> fault_of_condition(std::string_view name) {
  constexpr std::pair<std::string_view, Fault> kFaults[] = {
      {"no-uid-conflict", Fault::conflict},
      {"unique-scheduling-object-resource", Fault::conflict},
      {"valid-calendar-data", Fault::bad_input},
      {"valid-calendar-object-resource", Fault::bad_input},
      {"supported-calendar-data", Fault::bad_input},
      {"supported-calendar-component", Fault::bad_input},
      {"max-resource-size", Fault::bad_input},
      {"min-date-time", Fault::bad_input},
      {"max-date-time", Fault::bad_input},
      {"max-instances", Fault::bad_input},
      {"max-attendees-per-instance", Fault::bad_input},
      {"allowed-organizer-scheduling-object-change", Fault::bad_input},
      {"same-organizer-in-all-components", Fault::bad_input},
      {"organizer-allowed", Fault::bad_input},
      {"attendee-allowed", Fault::bad_input},
      {"valid-organizer", Fault::bad_input},
      {"valid-attendee-change", Fault::bad_input},
      {"quota-not-exceeded", Fault::rate_limited},
      {"sufficient-disk-space", Fault::rate_limited},
      {"need-privileges", Fault::forbidden},
  };
  for (const auto& [condition, fault] : kFaults)
    if (name == condition) return fault;
  return std::nullopt;
}

Fault fault_of_write(int status) {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422: return Fault::bad_input;
    case 405: return Fault::forbidden;
    case 404:
    case 410: return Fault::gone;
    case 409:
    case 412: return Fault::conflict;
    case 507: return Fault::rate_limited;
    default: return fault_of(status);
  }
}

}  // namespace

Error caldav_error(const HttpResponse& response, Instant now) {
  Error error = caldav_error(response.status);
  error.retry_after = response.retry_after(now);
  return error;
}

Error caldav_error(int status) {
  if (status < 400) return dav::unusable_answer(fmt::format("has status {}", status));
  return Error{.fault = fault_of(status),
               .what = fmt::format("CalDAV answered {}", status),
               .code = fmt::format("{}", status),
               .detail = status == 401 ? Detail::refused : Detail::none};
}

Error of_calendar(Error error) {
  if (error.code == "404" || error.code == "410") error.fault = Fault::gone;
  if (error.fault == Fault::bug || error.fault == Fault::corrupt) error.fault = Fault::unavailable;
  return error;
}

std::optional<Error> write_error(const HttpResponse& response, Instant now) {
  const Refusal refusal = refusal_in(response);
  if (refusal.status / 100 == 2 && !refusal.is_unclear) return std::nullopt;
  Error error = of_calendar(caldav_error(refusal.status));
  error.fault = fault_of_write(refusal.status);
  error.retry_after = response.retry_after(now);
  for (const std::string& name : refusal.conditions)
    if (const auto fault = fault_of_condition(name)) {
      error.fault = *fault;
      error.code = name;
      break;
    }
  return error;
}

Error not_whole(std::string_view why) {
  return {.fault = Fault::unavailable, .what = std::string("a CalDAV listing ").append(why), .code = "caldav"};
}

Error foreign_host() {
  return Error{.fault = Fault::corrupt,
               .what = "CalDAV leads to where no password may go: to no HTTPS, or to a host that isn't in "
                       "CalIntApiHosts",
               .code = "foreign_host"};
}

}  // namespace calint::caldav
