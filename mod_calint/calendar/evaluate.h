// From series to intervals: the one place where it is decided which time a calendar takes. Pure and bounded.
#pragma once

#include "calendar/series.h"

namespace calint::calendar {

enum class Kind { busy, tentative, unanswered, oof };
std::string_view to_string(Kind kind);

// Half-open, never empty.
struct Interval {
  SysTime start;
  SysTime end;
  Kind kind;

  bool operator==(const Interval&) const = default;
};

// What became of one event of a series, for `calintctl explain`.
struct Explanation {
  size_t event = 0;      // index into Series::events
  Standing standing = Standing::busy;
  size_t instances = 0;  // how many of its instances touch the window
  std::string note = {}; // what else a person should know: "overrides an instance", "no length", ...; may be empty
};

struct Evaluation {
  std::vector<Interval> intervals;   // by start, then kind; touching ones of one kind merged; clipped to the window
  std::vector<Explanation> events;   // one for each of Series::events, in their order
  std::vector<LeftOut> left_out;     // rules, dates and zones that couldn't be read
  std::optional<SysTime> unknown_from;  // set: a bound was met; from here on nothing is known of this series
};

inline constexpr size_t kMostIntervals = 10'000;  // of a series, in a window

// The intervals of `series` that touch `window`. `zone` (IANA) is that of the calendar or its owner: floating times and
// dates are read in it where the series names none. Unknown zones and rules lose what they belong to and nothing else;
// a start that is legible is busy to its end. Takes some 20 ms at most for whatever comes.
Evaluation evaluate(const Series& series, std::string_view zone, const Window& window);

// Intervals in any order, of one calendar or of several: sorted, touching ones of one kind merged.
std::vector<Interval> merge(std::vector<Interval> intervals);

}  // namespace calint::calendar
