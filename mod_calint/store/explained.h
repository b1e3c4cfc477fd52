// What is stored of an integration's calendars, for whoever asks why somebody is busy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

struct ExplainedCalendar {
  std::string organization_id;
  int64_t sync = 0;
  std::string calendar_id;
  std::string zone;                    // that what has none was read in
  std::optional<Instant> known_from;   // unset: it was never read
  std::optional<Instant> known_until;
  std::optional<Instant> last_synced_at;
  std::string trouble;                 // why it can't be read now; empty: it can
};
// Those that are ticked. None of an integration that isn't there, or has ended.
Result<std::vector<ExplainedCalendar>> explained_calendars(postgres::Pool& pool, int64_t integration, Deadline deadline);

// An event or series: its text where that is kept, else the intervals that it takes.
struct ExplainedEvent {
  std::string key;
  std::optional<std::string> body;
  struct Interval {
    std::string kind;
    Instant start;
    Instant end;
  };
  std::vector<Interval> intervals;
};
// The next `most` behind `after`, in order of their keys.
Result<std::vector<ExplainedEvent>> explained_events(postgres::Pool& pool, const ExplainedCalendar& calendar,
                                                     const std::string& after, int most, Deadline deadline);

}  // namespace calint::store
