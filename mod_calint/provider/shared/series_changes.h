// What the answer of a sync means for what is known of a calendar. Changes are told by whole series, so that a store
// replaces rows by their series and knows nothing of a dialect. Pure.
//
// A dialect has three functions. parse_event_page(text) understands one page. named(items) says whose series merge()
// must be given. merge(known, items) takes all items of one round (a whole answer: every page from the first to the
// one with the cursor) and what is known. What must be known again later is in the series themselves: their events and
// Series::memory, which calendar::serialize() keeps.
#pragma once

#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "calendar/reader.h"
#include "calendar/series.h"
#include "provider/shared/event_page.h"

namespace calint::provider {

// Series of one calendar by their key.
using KnownSeries = std::map<std::string, calendar::Series, std::less<>>;

struct SeriesChanges {
  std::vector<calendar::Series> changed;  // by key; each replaces all that was known under it
  std::vector<std::string> gone;          // keys, known or not
  // Ids of events that should be read one by one and given to merge() with the round's other items, since they say how
  // others count; without them these are busy. Graph's masters; nobody else's.
  std::vector<std::string> wanted;
};

void apply(SeriesChanges changes, KnownSeries& known);

// A reader of calendar/reader.h from a dialect's functions. Pages that name a next one are one round with it. Dates and
// floating times are read in the zone that the last page with one names.
template <typename Item>
calendar::Reading read_rounds(const std::vector<calendar::Source>& sources,
                              const std::function<EventPage<Item>(const std::string& text)>& parse,
                              SeriesChanges (*merge)(const KnownSeries& known, std::vector<Item> items)) {
  KnownSeries known;
  calendar::Reading reading;
  std::string zone;
  std::vector<Item> round;
  for (const calendar::Source& source : sources) {
    EventPage<Item> page = parse(source.text);
    reading.is_calendar = reading.is_calendar || page.whole || !page.items.empty();
    for (calendar::LeftOut& one : page.left_out) {
      one.file = source.name;
      reading.left_out.push_back(std::move(one));
    }
    round.insert(round.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
    if (!page.zone.empty()) zone = page.zone;
    if (!page.next_page.empty()) {
      if (&source != &sources.back()) continue;
      reading.left_out.push_back({.id = "", .why = "goes on with a page that wasn't given", .file = source.name});
    }
    SeriesChanges changes = merge(known, std::exchange(round, {}));
    for (calendar::Series& series : changes.changed) series.file = source.name;
    apply(std::move(changes), known);
  }
  for (auto& [key, series] : known) {
    series.zone = zone;
    reading.series.push_back(std::move(series));
  }
  return reading;
}

}  // namespace calint::provider
