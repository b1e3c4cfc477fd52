// An interview as an object of a calendar (RFC 4791 4.1): written, changed in places, read. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "calendar/reader.h"
#include "provider/events.h"

namespace calint::caldav {

// Whose calendar it is.
struct Organizer {
  std::string address;                // under which guests are invited; empty: there is none
  calendar::Accounts accounts;        // all addresses under which it is known itself
};

// Times are in UTC, so that no zone need be defined. Guests are invited by the server (RFC 6638, 3.2.1), which tells
// them of each change: where they aren't to hear of it, or nobody is there to invite them, the description names them
// instead, and the object gets no ATTENDEE.
std::string written_object(const std::string& key, const provider::EventContent& content, const Organizer& organizer,
                           Instant now);

// The object's text with those parts of the event as they are to be, and all else as it stands there; the same text
// where it says all of that already. Of a series its master is changed. SEQUENCE grows where the time changes; guests
// who stay keep their lines, and rooms theirs. gone where the event isn't in it; unavailable where the text isn't
// iCalendar that is whole.
Result<std::string> changed_object(const std::string& text, const std::string& key,
                                   const provider::EventContent& content, const provider::EventParts& parts,
                                   const Organizer& organizer, Instant now);

struct ReadEvent {
  provider::WrittenEvent event;  // without its place, but for the key
  bool is_cancelled = false;     // by somebody who let it stand in the calendar
};

// nullopt where the event isn't in the object. A floating time and a day are read in UTC. unavailable where it isn't
// iCalendar that is whole.
Result<std::optional<ReadEvent>> read_event(const std::string& text, const std::string& key,
                                            const Organizer& organizer);

}  // namespace calint::caldav
