#include "ctl/stored_events.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rfc3339.h"
#include "calendar/series_text.h"
#include "store/explained.h"

namespace calint::ctl {
namespace {

using calendar::Event;
using calendar::Series;

constexpr int kAtOnce = 1000;

calendar::SysTime seconds(Instant time) { return std::chrono::floor<std::chrono::seconds>(time); }

calendar::WrittenTime written(Instant time) {
  return {.local = calendar::LocalTime(seconds(time).time_since_epoch()), .zone = calendar::kUtc};
}

// A single event is stored as the time that it takes.
Series series_of(const store::ExplainedEvent& stored) {
  Series series{.key = stored.key};
  for (const auto& [kind, start, end] : stored.intervals)
    series.events.push_back({.id = stored.key,
                             .standing = calendar::standing_from(kind).value_or(calendar::Standing::busy),
                             .start = written(start),
                             .end = written(end)});
  return series;
}

Status add_events(postgres::Pool& pool, const store::ExplainedCalendar& from, Deadline deadline,
                  calendar::Reading& reading) {
  for (std::string after;;) {
    auto some = store::explained_events(pool, from, after, kAtOnce, deadline);
    if (!some) return std::move(some).error();
    if (some->empty()) return {};
    after = some->back().key;
    for (const store::ExplainedEvent& stored : *some) {
      auto series = stored.body ? calendar::parse_series(*stored.body) : Result<Series>(series_of(stored));
      if (!series) {
        reading.left_out.push_back({.id = stored.key, .why = "what is stored of it isn't a series", .file = from.calendar_id});
        continue;
      }
      if (series->zone.empty()) series->zone = from.zone;
      series->file = from.calendar_id;
      reading.series.push_back(std::move(*series));
    }
  }
}

// What a person should know of a calendar before they believe what is said of it.
std::string doubt(const store::ExplainedCalendar& calendar) {
  if (!calendar.last_synced_at)
    return "it was never read" + (calendar.trouble.empty() ? std::string() : ": " + calendar.trouble);
  const std::string read_at = rfc3339_text(seconds(*calendar.last_synced_at));
  return calendar.trouble.empty() ? std::string()
                                  : fmt::format("it can't be read ({}); this is as of {}", calendar.trouble, read_at);
}

}  // namespace

Result<StoredEvents> stored_events(postgres::Pool& pool, int64_t integration, Deadline deadline) {
  auto calendars = store::explained_calendars(pool, integration, deadline);
  if (!calendars) return std::move(calendars).error();
  if (calendars->empty())
    return Error{.fault = Fault::not_found, .what = "this integration has no calendar that is read"};
  StoredEvents all;
  all.reading.is_calendar = true;
  for (const store::ExplainedCalendar& one : *calendars) {
    if (std::string why = doubt(one); !why.empty())
      all.reading.left_out.push_back({.id = "", .why = std::move(why), .file = one.calendar_id});
    if (!one.known_from || !one.known_until) continue;
    const calendar::Window known{seconds(*one.known_from), seconds(*one.known_until)};
    const bool is_first = all.known.to == calendar::SysTime();
    all.known = is_first ? known
                         : calendar::Window{std::max(all.known.from, known.from), std::min(all.known.to, known.to)};
    if (auto added = add_events(pool, one, deadline, all.reading); !added) return std::move(added).error();
  }
  return all;
}

}  // namespace calint::ctl
