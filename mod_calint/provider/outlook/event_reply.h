// An event that Graph answers with (providers.md, 3.10). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/transport.h"
#include "provider/events.h"
#include "provider/outlook/event_body.h"

namespace calint::outlook {

struct EventReply {
  provider::WrittenEvent event;     // without a key: an answer doesn't say it
  std::string etag;                 // with its quotation marks
  bool is_cancelled = false;
  bool is_organiser = false;        // whose calendar it is
  std::optional<Instant> created;
  KnownEvent known;
};

// unavailable for what isn't an event with id, ETag and times; all else that can't be used is left out.
//
// A room is ready once its address is there; Graph says nothing of one that it didn't make.
Result<EventReply> parse_event(const HttpResponse& response, const std::string& calendar);

// The first of a list that stands; nothing where there is none.
Result<std::optional<EventReply>> parse_found(const HttpResponse& response, const std::string& calendar);

// Whether the calendar makes rooms of Teams. unavailable for what isn't a calendar.
Result<bool> parse_makes_rooms(const HttpResponse& response);

// Whether the event was there before the request that this answers, which took `elapsed`, was sent. Clocks of Graph's
// servers may differ by a second.
bool was_there_before(const EventReply& reply, const HttpResponse& response, std::chrono::milliseconds elapsed);

}  // namespace calint::outlook
