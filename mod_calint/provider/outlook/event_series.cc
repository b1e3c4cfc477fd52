#include "provider/outlook/event_series.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "base/json.h"
#include "base/json_writer.h"
#include "calendar/series_text.h"

namespace calint::outlook {
namespace {

using calendar::Event;
using calendar::Series;
using calendar::WrittenTime;
using provider::KnownSeries;
using Kind = EventItem::Kind;

// In the order of Kind.
constexpr std::array<std::string_view, 4> kKinds = {"single", "master", "occurrence", "removed"};
static_assert(static_cast<size_t>(Kind::removed) + 1 == kKinds.size());

std::optional<bool> flag_of(const json_t* object, const char* name) {
  const json_t* member = json_object_get(object, name);
  return json_is_boolean(member) ? std::optional(json_is_true(member)) : std::nullopt;
}

// What is remembered of a series: its master's values, or which of its occurrences wait for them.
struct Memory {
  std::optional<EventValues> master = {};
  std::set<std::string, std::less<>> waiting = {};
};

Memory remembered(const std::string& text) {
  Memory memory;
  const Json object = parse_json_object(text);
  if (const json_t* master = json_object_get(object.get(), "master"); json_is_object(master)) {
    memory.master = EventValues{.show_as = std::string(string_member(master, "showAs").value_or("")),
                                .response = std::string(string_member(master, "response").value_or("")),
                                .is_all_day = true_member(master, "isAllDay"),
                                .is_cancelled = true_member(master, "isCancelled")};
  }
  const json_t* waiting = json_object_get(object.get(), "waiting");
  for (size_t i = 0; i < json_array_size(waiting); ++i)
    if (const auto id = string_value(json_array_get(waiting, i))) memory.waiting.emplace(*id);
  return memory;
}

std::string text_of(const Memory& memory) {
  if (!memory.master && memory.waiting.empty()) return "";
  if (memory.master) {
    const EventValues& master = *memory.master;
    return JsonObject()
        .add("master", JsonObject()
                           .add("showAs", master.show_as)
                           .add("response", master.response)
                           .add("isAllDay", master.is_all_day.value_or(false))
                           .add("isCancelled", master.is_cancelled.value_or(false)))
        .text();
  }
  JsonArray waiting;
  for (const std::string& id : memory.waiting) waiting.add(id);
  return JsonObject().add("waiting", waiting).text();
}

calendar::Standing standing_of(const EventValues& values) {
  const std::string& show_as = values.show_as;
  const std::string& response = values.response;
  return calendar::standing_of({.cancelled = values.is_cancelled.value_or(false),
                                .declined = response == "declined",
                                .elsewhere = show_as == "workingElsewhere",
                                .transparent = show_as == "free",
                                .out_of_office = show_as == "oof",
                                .unanswered = response == "notResponded",
                                .tentative = show_as == "tentative" || response == "tentativelyAccepted"});
}

bool is_midnight(const WrittenTime& time) { return time.local == std::chrono::floor<std::chrono::days>(time.local); }

// How `values` have an event count. Whole days come as midnights that are labelled with the zone asked for, and mean
// their dates; other times of such an event mean themselves.
void count(Event& event, const EventValues& values) {
  event.standing = standing_of(values);
  const bool is_days = is_midnight(event.start) && (!event.end || is_midnight(*event.end));
  if (!values.is_all_day.value_or(false) || !is_days) return;
  event.start = {.local = event.start.local, .is_date = true};
  if (event.end) event.end = WrittenTime{.local = event.end->local, .is_date = true};
}

Event event_of(EventItem item, const EventValues& master) {
  EventValues& own = item.values;
  if (own.show_as.empty()) own.show_as = master.show_as;
  if (own.response.empty()) own.response = master.response;
  if (!own.is_all_day) own.is_all_day = master.is_all_day;
  if (!own.is_cancelled) own.is_cancelled = master.is_cancelled;
  Event event{.id = std::move(item.id), .start = std::move(item.start), .end = std::move(item.end)};
  count(event, own);
  return event;
}

// What a round says of one series.
struct Round {
  std::optional<EventItem> head;       // the single event or the master
  std::vector<EventItem> occurrences;
  bool is_removed = false;             // as a whole
  std::set<std::string> removed;       // these of its events
};

bool is_stub(const EventItem& item) { return item.values.show_as.empty(); }

// A recurring series as the round has it.
Series replaced(const std::string& key, const Series* before, Round round) {
  Series series{.key = key};
  Memory memory = before == nullptr ? Memory{} : remembered(before->memory);
  if (round.head) memory.master = round.head->values;
  if (round.occurrences.empty() && before != nullptr && !memory.waiting.empty()) {
    series.events = before->events;
    for (Event& event : series.events)
      if (memory.waiting.contains(event.id)) count(event, memory.master.value_or(EventValues{}));
  }
  memory.waiting.clear();
  for (EventItem& item : round.occurrences) {
    if (!memory.master && is_stub(item)) memory.waiting.insert(item.id);
    series.events.push_back(event_of(std::move(item), memory.master.value_or(EventValues{})));
  }
  series.memory = text_of(memory);
  return series;
}

std::map<std::string, Round> rounds_of(const KnownSeries& known, std::vector<EventItem> items) {
  std::map<std::string, EventItem> latest;
  for (EventItem& item : items) {
    std::string id = item.id;
    latest.insert_or_assign(std::move(id), std::move(item));
  }
  std::unordered_map<std::string, const std::string*> series_of;
  for (const auto& [key, series] : known)
    for (const Event& event : series.events) series_of.emplace(event.id, &key);

  std::map<std::string, Round> rounds;
  for (auto& [id, item] : latest) {
    if (item.kind == Kind::removed) {
      if (known.contains(id))
        rounds[id].is_removed = true;
      else if (const auto found = series_of.find(id); found != series_of.end())
        rounds[*found->second].removed.insert(id);
    } else if (item.kind == Kind::occurrence) {
      rounds[item.series].occurrences.push_back(std::move(item));
    } else {
      rounds[id].head = std::move(item);
    }
  }
  return rounds;
}

}  // namespace

provider::ChangedItem item_of(const EventItem& item) {
  const std::string& key = item.kind == Kind::occurrence ? item.series : item.id;
  JsonObject values;
  values.add("kind", kKinds[static_cast<size_t>(item.kind)])
      .add_filled("showAs", item.values.show_as)
      .add_filled("response", item.values.response);
  if (item.values.is_all_day) values.add("isAllDay", *item.values.is_all_day);
  if (item.values.is_cancelled) values.add("isCancelled", *item.values.is_cancelled);
  // As a series of one event.
  const Series series{.key = key,
                      .uid = item.uid,
                      .events = {{.id = item.id, .start = item.start, .end = item.end}},
                      .memory = values.text()};
  return {.series = key,
          .event = item.id,
          .text = calendar::serialize(series),
          .is_removal = item.kind == Kind::removed};
}

Result<EventItem> item_from(std::string_view text) {
  auto series = calendar::parse_series(text);
  if (!series) return std::move(series).error();
  const Json values = parse_json_object(series->memory);
  const auto kind = std::ranges::find(kKinds, string_member(values.get(), "kind").value_or(""));
  if (series->events.size() != 1 || kind == kKinds.end())
    return Error{.fault = Fault::corrupt, .what = "a kept item isn't one event"};
  Event& event = series->events.front();
  EventItem item{.id = std::move(event.id),
                 .uid = std::move(series->uid),
                 .kind = static_cast<Kind>(kind - kKinds.begin()),
                 .values = {.show_as = std::string(string_member(values.get(), "showAs").value_or("")),
                            .response = std::string(string_member(values.get(), "response").value_or("")),
                            .is_all_day = flag_of(values.get(), "isAllDay"),
                            .is_cancelled = flag_of(values.get(), "isCancelled")},
                 .start = std::move(event.start),
                 .end = std::move(event.end)};
  if (item.kind == Kind::occurrence) item.series = std::move(series->key);
  return item;
}

provider::SeriesChanges merge(const KnownSeries& known, std::vector<EventItem> items) {
  provider::SeriesChanges changes;
  for (auto& [key, round] : rounds_of(known, std::move(items))) {
    const auto found = known.find(key);
    const Series* before = found == known.end() ? nullptr : &found->second;
    Series series{.key = key};
    if (round.head && round.head->kind == Kind::single) {
      series.uid = round.head->uid;
      series.events.push_back(event_of(std::move(*round.head), {}));
    } else if (round.head || !round.occurrences.empty()) {
      series = replaced(key, before, std::move(round));
    } else if (!round.is_removed) {
      series = *before;
      std::erase_if(series.events, [&](const Event& event) { return round.removed.contains(event.id); });
    }
    if (series.events.empty() && series.memory.empty()) {
      changes.gone.push_back(key);
    } else {
      if (!remembered(series.memory).waiting.empty()) changes.wanted.push_back(key);
      changes.changed.push_back(std::move(series));
    }
  }
  return changes;
}

calendar::Reading read_events(const std::vector<calendar::Source>& sources, const calendar::Accounts&) {
  return provider::read_rounds<EventItem>(
      sources, [](const std::string& text) { return parse_event_page(text); }, merge);
}

}  // namespace calint::outlook
