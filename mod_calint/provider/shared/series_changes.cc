#include "provider/shared/series_changes.h"

namespace calint::provider {

void apply(SeriesChanges changes, KnownSeries& known) {
  for (const std::string& key : changes.gone) known.erase(key);
  for (calendar::Series& series : changes.changed) {
    std::string key = series.key;
    known.insert_or_assign(std::move(key), std::move(series));
  }
}

Error unusable_page() {
  return {.fault = Fault::unavailable, .what = "a calendar answered with something else than a whole page of events"};
}

}  // namespace calint::provider
