// iCalendar text (RFC 5545) as series.
#pragma once

#include "calendar/reader.h"

namespace calint::calendar {

// Objects of one calendar, one or several in a source: the VEVENTs of one UID are one series.
Reading read_icalendar(const std::vector<Source>& sources, const Accounts& accounts);

}  // namespace calint::calendar
