#include "calendar/instances.h"

#include <algorithm>

#include "calendar/content_line.h"
#include "calendar/left_out.h"
#include "calendar/values.h"

namespace calint::calendar {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

LocalTime day_of(LocalTime local) { return floor<days>(local); }

// Which day a time means that stands where a date belongs. Some write the day's midnight in UTC.
LocalTime meant_day(const WrittenTime& time, Clocks& clocks) {
  if (time.zone == kUtc && time.local != day_of(time.local)) {
    const LocalTime local = clocks.floating().to_local(clocks.instant(time));
    if (local == day_of(local)) return local;
  }
  return day_of(time.local);
}

// A floating time of an instance is read on the master's clock.
const Zone& clock_of(const WrittenTime& time, const Event& master, Clocks& clocks) {
  return clocks.of(time.zone.empty() && !time.is_date ? master.start : time);
}

bool earlier(const Instance& a, const Instance& b) { return a.start < b.start; }
bool on_clock(const Instance& a, const Instance& b) { return a.local < b.local; }

}  // namespace

void Names::add(const WrittenTime& time, const Event& master, Clocks& clocks) {
  if (master.start.is_date) {
    days_.push_back(meant_day(time, clocks));
  } else if (time.is_date) {
    days_.push_back(time.local);
  } else {
    starts_.push_back(clock_of(time, master, clocks).to_instant(time.local));
  }
}

void Names::sort() {
  std::sort(starts_.begin(), starts_.end());
  std::sort(days_.begin(), days_.end());
}

bool Names::has(const Instance& instance) const {
  return std::binary_search(starts_.begin(), starts_.end(), instance.start) ||
         std::binary_search(days_.begin(), days_.end(), day_of(instance.local));
}

Instances::Instances(const Event& master, Clocks& clocks, std::vector<LeftOut>& left_out)
    : master_(master), clocks_(clocks), zone_(clocks.of(master.start)), left_out_(left_out) {
  for (const std::string& line : master.recurrence) read(line);
  excluded_.sort();
  std::stable_sort(dates_.begin(), dates_.end(), on_clock);
}

void Instances::read(const std::string& text) {
  const auto line = parse_line_of_times(text);
  if (!line) {
    leave_out(left_out_, master_.id, "a line of its recurrence can't be read");
  } else if (is_name(line->name, "RRULE") || is_name(line->name, "EXRULE")) {
    auto reading = parse_rule(line->value);
    const std::string& doubt = reading ? reading->doubt : reading.error().what;
    if (!doubt.empty()) leave_out(left_out_, master_.id, doubt);
    if (!reading) return;
    if (master_.start.is_date) {
      // Of no meaning for days (RFC 5545 3.3.10).
      for (auto list : {&Rule::by_second, &Rule::by_minute, &Rule::by_hour}) (reading->rule.*list).clear();
    }
    (is_name(line->name, "RRULE") ? rules_ : excluding_rules_).push_back(std::move(reading->rule));
  } else if (is_name(line->name, "RDATE") || is_name(line->name, "EXDATE")) {
    read_dates(line->name, line->value, line->parameter("TZID").value_or(""));
  } else {
    leave_out(left_out_, master_.id, "a line of its recurrence isn't known");
  }
}

void Instances::read_dates(std::string_view name, std::string_view value, std::string_view zone) {
  for (std::string_view text : split(value, ',')) {
    const size_t slash = text.find('/');
    const auto date = parse_time(text.substr(0, slash), zone);
    if (!date) {
      leave_out(left_out_, master_.id, "a date of its recurrence can't be read");
      continue;
    }
    if (is_name(name, "EXDATE")) {
      excluded_.add(*date, master_, clocks_);
      continue;
    }
    add_date(*date);
    if (slash == std::string_view::npos) continue;
    // A period has an end of its own.
    const std::string_view rest = text.substr(slash + 1);
    Instance& instance = dates_.back();
    if (const auto end = parse_time(rest, zone)) {
      instance.end = clock_of(*end, master_, clocks_).to_instant(end->local);
    } else if (const auto duration = parse_duration(rest)) {
      const Zone& clock = clock_of(*date, master_, clocks_);
      const LocalTime start = clock.to_local(instance.start);
      instance.end = clock.to_instant(start + days(duration->days)) + seconds(duration->seconds);
    } else {
      leave_out(left_out_, master_.id, "the end of a period can't be read: it lasts as the others do");
    }
  }
}

void Instances::add_date(const WrittenTime& date) {
  if (master_.start.is_date) {
    dates_.push_back(at(meant_day(date, clocks_)));
  } else if (date.is_date) {
    // Which time of that day is meant isn't said: all of it is taken.
    dates_.push_back(at(date.local));
    dates_.back().end = zone_.to_instant(date.local + days(1));
  } else {
    const SysTime start = clock_of(date, master_, clocks_).to_instant(date.local);
    dates_.push_back({.start = start, .local = zone_.to_local(start)});
  }
}

void Instances::expand_rule(const Rule& rule, LocalTime from, LocalTime to, Budget& budget,
                            std::vector<Instance>& found, std::optional<SysTime>& unknown_from) {
  // UNTIL is of DTSTART's kind (RFC 5545 3.3.10); where it isn't, what it says is taken at its latest.
  std::optional<SysTime> last;
  if (rule.until) {
    const WrittenTime& until = *rule.until;
    LocalTime bound = until.local;
    if (master_.start.is_date) {
      bound = day_of(until.local);
    } else if (until.is_date) {
      bound += days(1) - seconds(1);
    } else if (until.zone == kUtc) {
      const SysTime instant(until.local.time_since_epoch());
      const LocalTime on_clock = zone_.to_local(instant);
      if (master_.start.zone.empty()) {
        bound = std::max(bound, on_clock);
      } else {
        bound = on_clock + days(1);
        last = instant;
      }
    }
    to = std::min(to, bound);
  }
  std::vector<LocalTime> times;
  const auto missing = expand(rule, {.start = master_.start.local, .from = from, .to = to}, budget, times);
  if (missing) {
    const SysTime instant = zone_.to_instant(*missing);
    unknown_from = std::min(unknown_from.value_or(instant), instant);
  }
  for (LocalTime time : times) {
    const Instance instance = at(master_.start.is_date ? day_of(time) : time);
    if (last && instance.start > *last) continue;
    found.push_back(instance);
  }
}

std::vector<Instance> Instances::between(LocalTime from, LocalTime to, const Names& taken, Budget& budget,
                                         std::optional<SysTime>& unknown_from) {
  std::vector<Instance> found, excluded;
  const auto in_range = [&](const Instance& instance) { return instance.local >= from && instance.local <= to; };
  if (const Instance first = at(master_.start.local); in_range(first)) found.push_back(first);
  for (const Rule& rule : rules_) expand_rule(rule, from, to, budget, found, unknown_from);
  const Instance least{.start = {}, .local = from}, most{.start = {}, .local = to};
  const auto date = std::lower_bound(dates_.begin(), dates_.end(), least, on_clock);
  const auto end_of_dates = std::upper_bound(date, dates_.end(), most, on_clock);
  found.insert(found.end(), date, end_of_dates);
  budget.spend((end_of_dates - date) / 8);  // nothing is missing where it ends here, but what comes later
  std::optional<SysTime> ignored;  // fewer exclusions are more busy time
  for (const Rule& rule : excluding_rules_) expand_rule(rule, from, to, budget, excluded, ignored);
  std::sort(excluded.begin(), excluded.end(), earlier);

  std::erase_if(found, [&](const Instance& instance) {
    return excluded_.has(instance) || taken.has(instance) ||
           std::binary_search(excluded.begin(), excluded.end(), instance, earlier);
  });
  if (!std::is_sorted(found.begin(), found.end(), earlier)) std::stable_sort(found.begin(), found.end(), earlier);
  // Of two at one time the longer is to be had: those with an end of their own stay.
  const auto same = [](const Instance& a, const Instance& b) { return a.start == b.start && !a.end && !b.end; };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

}  // namespace calint::calendar
