// From Graph's items to series: key is the id of the single event or of the master; the events of a recurring one are
// its occurrences within the window, one by one. Pure. How a dialect's functions are used together:
// provider/shared/series_changes.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "calendar/reader.h"
#include "provider/outlook/event_page.h"
#include "provider/shared/series_changes.h"

namespace calint::outlook {

// An item as text and back. corrupt for what item_of() never made.
provider::ChangedItem item_of(const EventItem& item);
Result<EventItem> item_from(std::string_view text);

// The last item of an id counts. A series of which anything is named is replaced by what the round tells of it: that an
// occurrence was deleted or moved is said by nothing else. Occurrences take what they lack from their master, be it in
// the round or remembered; of one that isn't known, they are busy, and it is wanted: when it comes alone, it goes for
// the occurrences that are known. What is removed and nobody knows is nothing.
provider::SeriesChanges merge(const provider::KnownSeries& known, std::vector<EventItem> items);

// calendar::Reader: answers of calendarView/delta, one sync after the other. `accounts` isn't used: Graph says how the
// mailbox's owner answered.
calendar::Reading read_events(const std::vector<calendar::Source>& sources, const calendar::Accounts& accounts);

}  // namespace calint::outlook
