#include "sync/series.h"

#include <algorithm>

#include "calendar/evaluate.h"
#include "calendar/series_text.h"

namespace calint::sync {
namespace {

using calendar::Event;
using calendar::Series;

// How far clocks stand from UTC and so an instant from what was written, generously.
constexpr std::chrono::days kClocks{2};

bool reaches_past(const Event& event, calendar::SysTime to) {
  const calendar::LocalTime latest(to.time_since_epoch() - kClocks);
  if (!takes_time(event.standing)) return false;
  if (event.start.local >= latest || (event.end && event.end->local >= latest)) return true;
  if (!event.duration) return false;
  // Lengths are foreign: one of a thousand years is as good as any.
  constexpr int64_t kMostDays = 366'000;
  const auto length = std::chrono::days(std::clamp<int64_t>(event.duration->days, 0, kMostDays)) +
                      std::chrono::seconds(std::clamp<int64_t>(event.duration->seconds, 0, kMostDays * 86'400));
  return event.start.local + length >= latest;
}

bool is_kept(const Series& series, calendar::SysTime to) {
  if (series.events.empty() && series.memory.empty()) return false;
  if (series.events.size() != 1 || !series.memory.empty()) return true;
  const Event& event = series.events.front();
  return !event.recurrence.empty() || event.recurrence_id || event.id != series.key || reaches_past(event, to);
}

std::vector<std::string> event_keys(const Series& series) {
  std::vector<std::string> keys;
  for (const Event& event : series.events)
    if (event.id != series.key) keys.push_back(event.id);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

store::ReadSeries stored_series(const Series& series, std::string_view zone, const calendar::Window& window) {
  const calendar::Evaluation evaluation = evaluate(series, zone, window);
  store::ReadSeries stored{.key = series.key, .unknown_from = evaluation.unknown_from};
  stored.intervals.reserve(evaluation.intervals.size());
  for (const calendar::Interval& interval : evaluation.intervals)
    stored.intervals.push_back({.kind = to_string(interval.kind), .start = interval.start, .end = interval.end});
  if (is_kept(series, window.to)) {
    stored.body = serialize(series);
    stored.event_keys = event_keys(series);
  }
  // Interviews of ours are single events.
  if (series.events.size() == 1 && stored.intervals.size() == 1) stored.uid = series.uid;
  return stored;
}

}  // namespace calint::sync
