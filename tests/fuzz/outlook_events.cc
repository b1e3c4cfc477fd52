// Answers of Graph's calendarView/delta, one sync after the other.
#include <algorithm>

#include "events.h"
#include "provider/outlook/event_series.h"

using namespace calint;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  provider::KnownSeries known;
  for (const std::string& answer : fuzz::answers_of(fuzz::text_of(data, size))) {
    const outlook::EventPage page = outlook::parse_event_page(answer);
    fuzz::check_page(page);
    provider::SeriesChanges changes = outlook::merge(known, page.items);
    fuzz::check_changes(changes);
    for (const std::string& key : changes.wanted)
      MUST(
          std::any_of(changes.changed.begin(), changes.changed.end(), [&](const auto& one) { return one.key == key; }));
    apply(std::move(changes), known);
    known = fuzz::stored(known);
  }
  return 0;
}
