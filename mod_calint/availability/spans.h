// Half-open spans of time, and sets of them. Instants to the second. Pure.
#pragma once

#include <vector>

#include "calendar/series.h"

namespace calint::availability {

using calendar::LocalTime;
using calendar::SysTime;
using std::chrono::seconds;

// Holds start, but not end. Empty where it ends no later than it begins.
struct Span {
  SysTime start;
  SysTime end;

  bool operator==(const Span&) const = default;
};

// A set of instants: in order, none empty, no two that touch. Every function below returns one; `merge` makes one.
using Spans = std::vector<Span>;

Spans merge(Spans any);
Spans merge(Spans any, const Spans& more);
Spans subtract(const Spans& from, const Spans& taken);
Spans clip(const Spans& spans, const Span& to);
// Each span begins `before` earlier and ends `after` later; negative makes them shorter.
Spans widen(const Spans& spans, seconds before, seconds after);
bool overlaps(const Spans& spans, const Span& with);

}  // namespace calint::availability
