#include "calendar/evaluate.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "calendar/clocks.h"
#include "calendar/instances.h"
#include "calendar/left_out.h"

namespace calint::calendar {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr size_t kMostShown = 5;       // Explanation::first

// How long an event lasts: days of the clock first, then seconds (RFC 5545 3.3.6, 3.8.5.3).
struct Length {
  days nominal{0};
  seconds exact{0};
};

class Evaluator {
 public:
  Evaluator(const Series& series, std::string_view zone, const Window& window, const Limits& limits)
      : series_(series),
        window_(window),
        limits_(limits),
        budget_(limits.steps),
        clocks_(series, zone, window, budget_, result_.left_out) {
    result_.events.resize(series.events.size());
  }

  Evaluation run();

 private:
  // From an instance on, what the master says is changed (RANGE=THISANDFUTURE). The first part is the master's own.
  struct Part {
    size_t event;
    std::optional<SysTime> from;  // the instance with which it begins
    std::optional<SysTime> until; // the one before which it ends
  };

  Length length_of(size_t event);
  // `local` is the start as it is written, on the clock that days are counted on.
  void add(size_t event, SysTime start, const Zone& clock, LocalTime local, const Length& length);
  void add(size_t event, SysTime start, SysTime end);
  void add_override(size_t event);
  void add_master(size_t event);
  void add_part(size_t master, Instances& instances, const Part& part, const Names& taken);
  bool is_override(size_t event) const { return series_.events[event].recurrence_id.has_value(); }
  // Which instances of the master have an override; the same for all masters that are written on one clock, unless
  // their overrides are told apart.
  const Names& taken_from(const Event& master);
  // Whether the override isn't of this master, since it has the name of another one.
  bool is_anothers(const Event& override, const Event& master) const {
    return override.id != master.id && masters_.contains(override.id);
  }
  std::vector<Part> parts_of(size_t master);
  void miss(SysTime from);  // something, from then on
  void limit();

  const Series& series_;
  const Window window_;
  const Limits limits_;
  Evaluation result_;
  Budget budget_;
  Clocks clocks_;
  std::vector<size_t> overrides_;
  std::vector<size_t> changes_;         // those of them that change all later instances
  std::set<std::string_view> masters_;  // ids, where there are several: an object may hold several UIDs
  std::map<std::string, Names> taken_;  // by the master's clock
  const Names none_ = {};
};

Length Evaluator::length_of(size_t index) {
  const Event& event = series_.events[index];
  Length length;
  if (event.end) {
    if (event.start.is_date && event.end->is_date) {
      length.nominal = floor<days>(event.end->local - event.start.local);
    } else {
      length.exact = clocks_.instant(*event.end) - clocks_.instant(event.start);
      // A start that its clock skips can come to lie at its end or behind it.
      if (length.exact <= seconds(0) && event.end->zone == event.start.zone)
        length.exact = event.end->local - event.start.local;
    }
  } else if (event.duration) {
    length = {.nominal = days(event.duration->days), .exact = seconds(event.duration->seconds)};
  } else if (event.start.is_date) {
    length.nominal = days(1);
  }
  if (length.nominal < days(0) || length.exact < seconds(0)) {
    leave_out(result_.left_out, event.id, "it ends before it begins");
    length = {};
  }
  // Who writes a day twice, or gives it no length, means that day.
  if (event.start.is_date && length.nominal == days(0) && length.exact == seconds(0)) length.nominal = days(1);
  if (length.nominal == days(0) && length.exact == seconds(0)) result_.events[index].note = "it has no length";
  return length;
}

void Evaluator::add(size_t event, SysTime start, const Zone& clock, LocalTime local, const Length& length) {
  const SysTime end = length.nominal == days(0) ? start : clock.to_instant(local + length.nominal);
  add(event, start, end + length.exact);
}

void Evaluator::add(size_t event, SysTime start, SysTime end) {
  if (start >= end || start >= window_.to || end <= window_.from) return;
  Explanation& explanation = result_.events[event];
  ++explanation.instances;
  const Standing standing = series_.events[event].standing;
  if (!takes_time(standing)) return;
  constexpr std::array<Kind, 4> kKinds = {Kind::busy, Kind::tentative, Kind::unanswered, Kind::oof};
  const Kind kind = kKinds[static_cast<size_t>(standing)];
  if (explanation.first.size() < kMostShown) explanation.first.push_back({start, end, kind});
  Interval interval{std::max(start, window_.from), std::min(end, window_.to), kind};
  if (!result_.intervals.empty()) {
    Interval& last = result_.intervals.back();
    if (last.kind == kind && interval.start >= last.start && interval.start <= last.end) {
      last.end = std::max(last.end, interval.end);
      return;
    }
  }
  result_.intervals.push_back(interval);
}

void Evaluator::add_override(size_t index) {
  const Event& event = series_.events[index];
  if (!event.recurrence.empty())
    leave_out(result_.left_out, event.id, "the recurrence of an override isn't counted");
  add(index, clocks_.instant(event.start), clocks_.of(event.start), event.start.local, length_of(index));
}

const Names& Evaluator::taken_from(const Event& master) {
  std::string clock = master.start.is_date ? "date" : "time " + master.start.zone;
  if (!masters_.empty()) clock += "\n" + master.id;
  if (const auto known = taken_.find(clock); known != taken_.end()) return known->second;
  // Only broken data have masters on several clocks. Without its overrides, a master takes rather more time than less.
  if (!taken_.empty() && !budget_.spend(static_cast<int64_t>(overrides_.size()))) {
    miss(window_.from);
    return none_;
  }
  Names names;
  for (size_t i : overrides_)
    if (!is_anothers(series_.events[i], master)) names.add(*series_.events[i].recurrence_id, master, clocks_);
  names.sort();
  return taken_.emplace(clock, std::move(names)).first->second;
}

std::vector<Evaluator::Part> Evaluator::parts_of(size_t index) {
  const Event& master = series_.events[index];
  std::vector<Part> parts{{.event = index, .from = std::nullopt, .until = std::nullopt}};
  if (master.recurrence.empty()) return parts;
  if (!budget_.spend(static_cast<int64_t>(changes_.size()))) {
    miss(window_.from);
    return parts;
  }
  for (size_t i : changes_) {
    if (is_anothers(series_.events[i], master)) continue;
    const WrittenTime& id = *series_.events[i].recurrence_id;
    const bool floats = master.start.is_date || id.zone.empty();
    const SysTime from = clocks_.of(floats ? master.start : id).to_instant(id.local);
    parts.push_back({.event = i, .from = from, .until = std::nullopt});
  }
  std::stable_sort(parts.begin() + 1, parts.end(), [](const Part& a, const Part& b) { return *a.from < *b.from; });
  for (size_t i = 0; i + 1 < parts.size(); ++i) parts[i].until = parts[i + 1].from;
  return parts;
}

void Evaluator::add_master(size_t index) {
  Instances instances(series_.events[index], clocks_, result_.left_out);
  const Names& taken = taken_from(series_.events[index]);
  for (const Part& part : parts_of(index)) {
    // A part is some hundred steps before its first instance. Those of a later one may have moved anywhere.
    if (part.from && !budget_.spend(100)) return miss(window_.from);
    add_part(index, instances, part, taken);
  }
}

void Evaluator::add_part(size_t master_index, Instances& instances, const Part& part, const Names& taken) {
  const WrittenTime& master_start = series_.events[master_index].start;
  const Event& event = series_.events[part.event];
  const Length length = length_of(part.event);
  const Zone& master_clock = clocks_.of(master_start);
  const Zone& clock = clocks_.of(event.start);
  // How far the event moved on its own clock from the instance that it stands for.
  std::chrono::seconds moved{0};
  if (part.from) {
    LocalTime from = clock.to_local(*part.from);
    if (event.start.is_date) from = floor<days>(from);
    moved = event.start.local - from;
  }

  // Which instances can touch the window: clocks are less than a day from UTC, and so from each other less than two.
  const SysTime latest = window_.to - moved + days(2);
  const SysTime earliest = window_.from - moved - length.nominal - length.exact - days(2);
  LocalTime from(earliest.time_since_epoch()), to(latest.time_since_epoch());
  if (part.from) from = std::max(from, master_clock.to_local(*part.from) - days(1));
  if (part.until) to = std::min(to, master_clock.to_local(*part.until) + days(1));
  if (to < from) return;

  std::optional<SysTime> unknown_from;
  for (const Instance& instance : instances.between(from, to, taken, budget_, unknown_from)) {
    if ((part.from && instance.start < *part.from) || (part.until && instance.start >= *part.until)) continue;
    if (!part.from) {
      if (instance.end) add(part.event, instance.start, *instance.end);
      else add(part.event, instance.start, clock, instance.local, length);
      continue;
    }
    LocalTime local = clock.to_local(instance.start);
    if (event.start.is_date) local = floor<days>(local);
    local += moved;
    add(part.event, clock.to_instant(local), clock, local, length);
  }
  if (unknown_from && (!part.until || *unknown_from < *part.until)) miss(*unknown_from + moved);
}

void Evaluator::miss(SysTime from) {
  from = std::max(from, window_.from);
  if (from < window_.to) result_.unknown_from = std::min(result_.unknown_from.value_or(from), from);
}

void Evaluator::limit() {
  result_.intervals = merge(std::move(result_.intervals));
  if (result_.intervals.size() > limits_.intervals) {
    const SysTime from = result_.intervals[limits_.intervals].start;
    result_.unknown_from = std::min(result_.unknown_from.value_or(from), from);
    result_.intervals.resize(limits_.intervals);
  }
  result_.steps = limits_.steps - budget_.left();
}

Evaluation Evaluator::run() {
  for (size_t i = 0; i < series_.events.size(); ++i) {
    if (is_override(i)) overrides_.push_back(i);
    if (is_override(i) && series_.events[i].and_future) changes_.push_back(i);
    if (!is_override(i)) masters_.insert(series_.events[i].id);
  }
  if (masters_.size() == 1) masters_.clear();
  for (size_t i = 0; i < series_.events.size(); ++i) {
    if (is_override(i)) add_override(i);
    else add_master(i);
  }
  limit();
  return std::move(result_);
}

}  // namespace

std::string_view to_string(Kind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"busy", "oof", "tentative", "unanswered"};
  return kNames.at(static_cast<size_t>(kind));
}

Evaluation evaluate(const Series& series, std::string_view zone, const Window& window, const Limits& limits) {
  return Evaluator(series, zone, window, limits).run();
}

std::vector<Interval> merge(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) {
    return std::tie(a.kind, a.start, a.end) < std::tie(b.kind, b.start, b.end);
  });
  size_t kept = 0;
  for (size_t i = 1; i < intervals.size(); ++i) {
    const Interval& next = intervals[i];
    Interval& last = intervals[kept];
    if (next.kind == last.kind && next.start <= last.end) last.end = std::max(last.end, next.end);
    else intervals[++kept] = next;
  }
  if (!intervals.empty()) intervals.resize(kept + 1);
  std::sort(intervals.begin(), intervals.end());
  return intervals;
}

}  // namespace calint::calendar
