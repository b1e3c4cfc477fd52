// From Google's items to series: key is the id of the single event or of the master. Pure. How a dialect's functions
// are used together: provider/shared/series_changes.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "provider/google/event_page.h"
#include "provider/shared/series_changes.h"

namespace calint::google {

// An item as text and back. corrupt for what item_of() never made.
provider::ChangedItem item_of(const EventItem& item);
Result<EventItem> item_from(std::string_view text);

// An item is one event as it is now. An exception changes that instance of a series, known from before or not; a master
// leaves its known exceptions; a cancelled master ends the series with them, but not what the same round tells of its
// instances. A cancelled id that nobody knows is nothing.
provider::SeriesChanges merge(const provider::KnownSeries& known, std::vector<EventItem> items);

// calendar::Reader: answers of events.list, one sync after the other.
calendar::Reading read_events(const std::vector<calendar::Source>& sources, const calendar::Accounts& accounts);

}  // namespace calint::google
