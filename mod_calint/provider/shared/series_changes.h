// What the answer of a sync means for what is known of a calendar (provider/changes.h). Pure.
//
// A JSON dialect has two functions. parse_event_page(text) understands one page. merge(known, items) takes all items of
// one round, or all that are of some series, and what is known of these.
#pragma once

#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "calendar/reader.h"
#include "calendar/series.h"
#include "provider/changes.h"
#include "provider/shared/event_page.h"

namespace calint::provider {

void apply(SeriesChanges changes, KnownSeries& known);

// The error of an answer that isn't a whole page, or ends a round without its cursor: it must not be taken for one.
Error unusable_page();

// A page as it was parsed, its items as text. Errors as Changes::read().
template <typename Item>
Result<ChangesPage> changes_page(EventPage<Item> page, ChangedItem (*text_of)(const Item& item)) {
  if (!page.whole || (page.next_page.empty() && page.cursor.empty())) return unusable_page();
  ChangesPage changes{.items = {},
                      .next_page = std::move(page.next_page),
                      .cursor = std::move(page.cursor),
                      .zone = std::move(page.zone),
                      .left_out = std::move(page.left_out)};
  changes.items.reserve(page.items.size());
  for (const Item& item : page.items) changes.items.push_back(text_of(item));
  return changes;
}

// Changes::merge() of a dialect, from its functions.
template <typename Item>
Result<SeriesChanges> merge_texts(const KnownSeries& known, const std::vector<std::string>& texts,
                                  Result<Item> (*item_from)(std::string_view text),
                                  SeriesChanges (*merge)(const KnownSeries& known, std::vector<Item> items)) {
  std::vector<Item> items;
  items.reserve(texts.size());
  for (const std::string& text : texts) {
    auto item = item_from(text);
    if (!item) return std::move(item).error();
    items.push_back(std::move(*item));
  }
  return merge(known, std::move(items));
}

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
