// A second expander of recurrence rules, slow and obvious: it tries every second, hour or day, and asks of each what
// the RFC says of it. Shares no code with the one under test but the parsed rule.
#pragma once

#include <vector>

#include "calendar/rule.h"

namespace calint::test {

// All instances of the rule from `start` up to and including `to`, in order; UNTIL is left to the caller.
std::vector<calendar::LocalTime> slow_instances(const calendar::Rule& rule, calendar::LocalTime start,
                                                calendar::LocalTime to);

}  // namespace calint::test
