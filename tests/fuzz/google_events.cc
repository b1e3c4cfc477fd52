// Answers of Google's events.list, one sync after the other.
#include "events.h"
#include "provider/google/event_series.h"

using namespace calint;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  provider::KnownSeries known;
  for (const std::string& answer : fuzz::answers_of(fuzz::text_of(data, size))) {
    const google::EventPage page = google::parse_event_page(answer, {"sam@example.org"});
    fuzz::check_page(page);
    provider::SeriesChanges changes = google::merge(known, page.items);
    fuzz::check_changes(changes);
    apply(std::move(changes), known);
    known = fuzz::stored(known);

    // An answer that is applied twice says the same.
    const provider::KnownSeries before = known;
    apply(google::merge(known, page.items), known);
    MUST(known.size() == before.size());
    for (const auto& [key, series] : known) MUST(before.at(key).events.size() == series.events.size());
  }
  return 0;
}
