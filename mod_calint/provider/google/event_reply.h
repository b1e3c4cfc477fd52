// An event that Google answers with (providers.md, 2.10). Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "net/transport.h"
#include "provider/events.h"
#include "provider/google/event_body.h"

namespace calint::google {

struct EventReply {
  provider::WrittenEvent event;
  std::string etag;                // with its quotation marks
  std::string key;                 // ours; empty: it is somebody else's event, or a guest's copy
  bool is_organised_here = false;  // false: a guest's copy, which has the same id
  bool is_cancelled = false;       // deleted: nothing else need be there then
  std::vector<GuestEntry> guests;
};

// unavailable for what isn't an event with id, ETag and times; all else that can't be used is left out. An event that
// lasts whole days begins at midnight in UTC: Google says days without a zone.
//
// A room is ready once its address is there, and failed only where Google says so.
Result<EventReply> parse_event(const HttpResponse& response, const std::string& calendar);

}  // namespace calint::google
