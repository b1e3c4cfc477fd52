// The calendars of an integration: those that were listed, those that the user ticked, and the one that interviews are
// written to.
#pragma once

#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "postgres/pool.h"
#include "store/pauses.h"
#include "store/records.h"

namespace calint::store {

// All that were ever listed for it: gone ones last, the primary one first, then by name. With them what becomes of the
// list by itself.
enum class ListReading {
  none,   // it stays as it is
  now,    // it is being read, or as soon as background work gets to it
  later,
};
struct CalendarsAsStored {
  std::vector<CalendarRow> calendars;
  ListReading reading = ListReading::none;
};
Result<CalendarsAsStored> list_calendars(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// Of a list that was read, as rows for jsonb_to_recordset.
std::string calendars_json(const std::vector<Calendar>& calendars);

// The choices of a user, each in one round trip, fenced: conflict where the integration isn't active or has another
// generation. They lock the integration's row before they look, as whatever stores a list does, so a choice and a
// refresh of the list come one after the other. Audited as `calendars_changed`, and noted for the ATS, only where
// something changed. Where the user made the same choice a moment ago nothing is done (store/pauses.h).

// Exactly these are synced from now on; none is allowed, one that is named twice counts once. bad_input, with nothing
// stored, where one was never listed for the integration, or is gone and wasn't ticked before.
Result<Wait> choose_calendars(postgres::Pool& pool, const Integration& integration,
                              const std::vector<std::string>& calendar_ids, const Actor& actor, Deadline deadline);

// Interviews are written there from now on. bad_input, with nothing stored, where it was never listed, is gone, or
// can't be written to.
Result<Wait> choose_destination(postgres::Pool& pool, const Integration& integration, const std::string& calendar_id,
                                const Actor& actor, Deadline deadline);

}  // namespace calint::store
