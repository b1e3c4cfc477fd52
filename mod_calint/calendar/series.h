// What a calendar says of somebody's time, in one form for every provider: a series and its events, with nothing
// personal in them (no title, guest or place). Readers of the dialects (iCalendar, Google's JSON, Graph's JSON) make
// series; evaluate() makes intervals of them; series_text keeps them. All values; nothing here does I/O.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calint::calendar {

// Instants and clock faces to the second. RFC 5545 knows no fraction.
using SysTime = std::chrono::sys_seconds;
using LocalTime = std::chrono::local_seconds;

// A zone's name for UTC in WrittenTime.
inline constexpr const char* kUtc = "UTC";

// A moment as its writer wrote it. Which instant that is, the zone decides when it is evaluated: rules of zones change.
struct WrittenTime {
  LocalTime local{};     // what the clock shows; midnight where is_date
  bool is_date = false;  // a day rather than a moment (RFC 5545 3.3.4)
  std::string zone = {}; // "UTC"; a name as written (IANA, Windows, the TZID of one of Series::zones); empty: floating,
                         // which is read in the calendar's zone, as every date is

  bool operator==(const WrittenTime&) const = default;
};

// RFC 5545 3.3.6. Days are nominal (the clock shows the same after them), seconds are exact.
struct WrittenDuration {
  int64_t days = 0;
  int64_t seconds = 0;

  bool operator==(const WrittenDuration&) const = default;
};

// How an event counts. The first four take time; whatever isn't known for certain to be one of the others is busy.
enum class Standing {
  busy,
  tentative,    // STATUS:TENTATIVE, PARTSTAT=TENTATIVE, showAs tentative
  unanswered,   // an invitation that the calendar's owner hasn't answered
  oof,          // out of office
  transparent,  // from here on free: the event itself says that it blocks no time
  declined,     // by the calendar's owner
  cancelled,
  elsewhere,    // says where somebody works, not that they are busy
  birthday,
};
bool takes_time(Standing standing);
std::string_view to_string(Standing standing);  // "busy", "tentative", "unanswered", "oof", "transparent", ...
std::optional<Standing> standing_from(std::string_view name);

// What an event says of how it counts, whatever the words of its dialect are. A reader tells what is written and leaves
// the choice to standing_of(): so the same contents count alike from every provider.
struct Signs {
  bool cancelled = false;
  bool declined = false;
  bool birthday = false;
  bool elsewhere = false;
  bool transparent = false;
  bool out_of_office = false;
  bool unanswered = false;  // an invitation without the owner's answer
  bool tentative = false;   // the event is, or the owner's answer was
};
// The first that holds, in the order above; busy where none does. Out of office is what the owner chose themselves, so
// it goes before what they answered; an invitation that waits for an answer stands as tentative in many calendars.
Standing standing_of(const Signs& signs);

// One event: a single one, the master of a recurring one, or the override of one instance (RECURRENCE-ID).
struct Event {
  std::string id = {};  // names this event to an administrator (UID, the provider's event id); may repeat in a series
  Standing standing = Standing::busy;

  WrittenTime start = {};
  // At most one of these. Neither: a date lasts its day, a moment no time at all (RFC 5545 3.6.1).
  std::optional<WrittenTime> end = {};  // exclusive
  std::optional<WrittenDuration> duration = {};

  // RRULE, EXRULE, RDATE and EXDATE as content lines of iCalendar, unfolded ("RRULE:FREQ=DAILY",
  // "EXDATE;TZID=Europe/Berlin:20261224T090000"), in any order. Only a master has them. Foreign text: evaluate() parses
  // them and reports what it can't read.
  std::vector<std::string> recurrence = {};

  // Set: this stands in the place of the instance of the master that was to begin then, wherever it begins now. A
  // cancelled or declined override removes the instance; where nothing else of it is known, its start is this too. The
  // master may be missing (invited to one meeting only).
  std::optional<WrittenTime> recurrence_id = {};
  bool and_future = false;  // RANGE=THISANDFUTURE: all later instances move and change likewise

  bool operator==(const Event&) const = default;
};

// One part of a VTIMEZONE (RFC 5545 3.6.5).
struct Observance {
  LocalTime start{};              // its onset on the clock before, whose offset is `from`
  std::chrono::seconds from{};    // east of UTC
  std::chrono::seconds to{};
  std::vector<std::string> recurrence = {};  // RRULE, RDATE lines

  bool operator==(const Observance&) const = default;
};

// A zone as a calendar defines it itself.
struct ZoneDefinition {
  std::string name = {};  // TZID as written
  std::vector<Observance> observances = {};

  bool operator==(const ZoneDefinition&) const = default;
};

// All events, now, of what the provider counts as one thing: a recurring event with its overrides, or a single one.
// It is the unit that changes: a provider's change replaces the whole series, or removes it.
struct Series {
  std::string key = {};   // unique in its calendar (UID or CalDAV path, Google's event id, Graph's seriesMasterId)
  std::string zone = {};  // the calendar's own zone where its data name one; empty: evaluate()'s zone
  std::string uid = {};   // iCalendar UID: the same in every guest's calendar; empty: none, or nobody says
  std::vector<Event> events = {};
  // What the calendar itself defines of the zones of its times; names like "Europe/Berlin" and UTC need
  // none. Shared between series of one file.
  std::vector<std::shared_ptr<const ZoneDefinition>> zones = {};
  // What the dialect's reader must know again to apply a later change to this series: opaque, kept by series_text, not
  // read by evaluate(). Empty where the events say enough.
  std::string memory = {};
  std::string file = {};  // Source::name of where it was read; isn't kept
};

// Half-open.
struct Window {
  SysTime from;
  SysTime to;
};

// What couldn't be read or wasn't counted as written, told in one line for an administrator. Never silent.
struct LeftOut {
  std::string id;   // of the event, object or zone; empty where not even that is legible
  std::string why;  // holds no text of titles, guests or places
  std::string file = {};  // calintctl explain's

  bool operator==(const LeftOut&) const = default;
};

// What a reader of a dialect makes of what it is given.
struct Reading {
  std::vector<Series> series;
  std::vector<LeftOut> left_out;
  bool is_calendar = false;  // there was an answer or object of the dialect, though perhaps nothing legible in it
};

}  // namespace calint::calendar
