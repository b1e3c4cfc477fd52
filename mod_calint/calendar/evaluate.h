// From series to intervals: the one place where it is decided which time a calendar takes. Pure and bounded.
#pragma once

#include "calendar/series.h"

namespace calint::calendar {

enum class Kind { busy, oof, tentative, unanswered };
std::string_view to_string(Kind kind);

// Half-open, never empty.
struct Interval {
  SysTime start;
  SysTime end;
  Kind kind;

  auto operator<=>(const Interval&) const = default;
};

// What became of one event of a series, for `calintctl explain`.
struct Explanation {
  size_t instances = 0;             // how many of its instances touch the window; an override is one at most
  std::vector<Interval> first = {}; // the first ones of them, as they are, not clipped; none where it takes no time
  std::string note = {};            // what a person should know besides; may be empty
};

struct Evaluation {
  std::vector<Interval> intervals;   // in order of start, end and kind; clipped to the window; see merge()
  std::vector<Explanation> events;   // one for each of Series::events, in their order
  std::vector<LeftOut> left_out;     // rules, dates and zones that couldn't be read
  std::optional<SysTime> unknown_from;  // set: a bound was met; from here on this series may take more time
  int64_t steps = 0;                    // that were needed
};

// What is spent on a series, whatever its rules are. Where it isn't enough, Evaluation::unknown_from says so.
struct Limits {
  size_t intervals = 10'000;
  int64_t steps = 300'000;  // some 20 ms at most; an ordinary series takes fewer than a thousand for a year
};

// The intervals of `series` that touch `window`. `zone` is that of the calendar or its owner: floating times and dates
// are read in it where the series names none. What can't be read loses what it belongs to and nothing else; a start
// that is legible is busy to its end. Linear in the size of the series besides.
Evaluation evaluate(const Series& series, std::string_view zone, const Window& window, const Limits& limits = {});

// Intervals in any order, of one calendar or of several: in order, and those of one kind that touch or overlap are one.
std::vector<Interval> merge(std::vector<Interval> intervals);

}  // namespace calint::calendar
