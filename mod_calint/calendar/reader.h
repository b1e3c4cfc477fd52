// What a dialect's reader is: `calintctl explain` has one line for each.
#pragma once

#include "calendar/series.h"

namespace calint::calendar {

// One answer or object of a provider, as it came.
struct Source {
  std::string name;  // LeftOut::file
  std::string text;
};

// Addresses (without "mailto:") under which the calendar's owner is invited; compared without case. Empty: unknown.
using Accounts = std::vector<std::string>;

// Pure. All sources are of one calendar, in the order in which they came: a later one replaces what an earlier one said
// of the same series. What can't be read is in Reading::left_out, with its file, and loses nothing else.
using Reader = Reading (*)(const std::vector<Source>& sources, const Accounts& accounts);

}  // namespace calint::calendar
