#include "provider/google/event_series.h"

#include <unordered_map>

#include "calendar/series_text.h"

namespace calint::google {
namespace {

using calendar::Event;
using calendar::Series;
using calendar::Standing;
using provider::KnownSeries;

constexpr const char* kMaster = "master";

bool is_cancelled(const EventItem& item) { return item.event.standing == Standing::cancelled; }

// Instances that are known by their own id, since one that is cancelled may say nothing else of itself.
class Instances {
 public:
  explicit Instances(const KnownSeries& known) {
    for (const auto& [key, series] : known)
      for (const Event& event : series.events)
        if (event.recurrence_id) place(event.id, key, event);
  }

  // Has the item say which instance of which series it is, where that was said before and isn't now.
  void complete(EventItem& item) {
    Event& event = item.event;
    const auto known = by_id_.find(event.id);
    if (known != by_id_.end() && item.series.empty() && is_cancelled(item)) item.series = known->second.series;
    if (item.series.empty()) return;
    if (known != by_id_.end() && !event.recurrence_id) event.recurrence_id = known->second.start;
    if (!event.recurrence_id && !is_cancelled(item)) event.recurrence_id = event.start;
    if (!event.recurrence_id) return;
    if (is_cancelled(item)) event.start = *event.recurrence_id;
    place(event.id, item.series, event);
  }

 private:
  struct Place {
    std::string series;
    calendar::WrittenTime start;  // as the rule has it
  };

  void place(const std::string& id, const std::string& series, const Event& event) {
    by_id_.insert_or_assign(id, Place{series, *event.recurrence_id});
  }

  std::unordered_map<std::string, Place> by_id_;
};

// What a round says of one series.
struct Round {
  std::optional<EventItem> master;             // or the single event
  std::map<std::string, EventItem> instances;  // by id
};

Series merged(const std::string& key, const Series* before, Round round) {
  Series series{.key = key, .uid = round.master ? round.master->uid : before != nullptr ? before->uid : ""};
  const bool is_replaced = round.master && (is_cancelled(*round.master) || !round.master->is_master);
  if (round.master && !is_cancelled(*round.master)) {
    series.events.push_back(std::move(round.master->event));
  } else if (!round.master && before != nullptr) {
    for (const Event& event : before->events)
      if (!event.recurrence_id) series.events.push_back(event);
  }
  if (before != nullptr && !is_replaced) {
    for (const Event& event : before->events)
      if (event.recurrence_id && !round.instances.contains(event.id)) series.events.push_back(event);
  }
  for (auto& [id, item] : round.instances)
    if (!is_replaced || !is_cancelled(item)) series.events.push_back(std::move(item.event));
  return series;
}

}  // namespace

provider::ChangedItem item_of(const EventItem& item) {
  const std::string& key = item.series.empty() ? item.event.id : item.series;
  // As a series of one event.
  const Series series{.key = key, .uid = item.uid, .events = {item.event}, .memory = item.is_master ? kMaster : ""};
  return {.series = key,
          .event = item.event.id,
          .text = calendar::serialize(series),
          .is_removal = item.series.empty() && is_cancelled(item)};
}

Result<EventItem> item_from(std::string_view text) {
  auto series = calendar::parse_series(text);
  if (!series) return std::move(series).error();
  if (series->events.size() != 1) return Error{.fault = Fault::corrupt, .what = "a kept item isn't one event"};
  EventItem item{
      .event = std::move(series->events.front()), .uid = std::move(series->uid), .is_master = series->memory == kMaster};
  if (series->key != item.event.id) item.series = std::move(series->key);
  return item;
}

provider::SeriesChanges merge(const KnownSeries& known, std::vector<EventItem> items) {
  Instances instances(known);
  std::map<std::string, Round> rounds;
  for (EventItem& item : items) {
    instances.complete(item);
    if (item.series.empty()) {
      rounds[item.event.id].master = std::move(item);
    } else if (item.event.recurrence_id) {
      std::string id = item.event.id;
      rounds[item.series].instances.insert_or_assign(std::move(id), std::move(item));
    }
  }
  provider::SeriesChanges changes;
  for (auto& [key, round] : rounds) {
    const auto before = known.find(key);
    Series series = merged(key, before == known.end() ? nullptr : &before->second, std::move(round));
    if (series.events.empty())
      changes.gone.push_back(key);
    else
      changes.changed.push_back(std::move(series));
  }
  return changes;
}

calendar::Reading read_events(const std::vector<calendar::Source>& sources, const calendar::Accounts& accounts) {
  return provider::read_rounds<EventItem>(
      sources, [&](const std::string& text) { return parse_event_page(text, accounts); }, merge);
}

}  // namespace calint::google
