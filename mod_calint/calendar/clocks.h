// The clocks that the times of a series are written on.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "calendar/recurrence.h"
#include "calendar/series.h"
#include "calendar/zone.h"

namespace calint::calendar {

// One for each evaluation of a series.
class Clocks {
 public:
  // `zone` is that of floating times and dates, where the series names none. Definitions of zones are worked out for
  // `window` and the times that the events are written with.
  Clocks(const Series& series, std::string_view zone, const Window& window, Budget& budget,
         std::vector<LeftOut>& left_out);

  // A name that nobody knows is read as floating time, and left out once. A name of tzdata with a '/' in it means that
  // zone whatever the calendar says of it, as definitions are often wrong or cut short; other names mean the calendar's
  // own definition first (RFC 5545 3.2.19), then what Windows and tzdata call so.
  const Zone& of(const std::string& name);
  const Zone& of(const WrittenTime& time) { return of(time.is_date ? floating_ : time.zone); }
  const Zone& floating() { return of(floating_); }

  SysTime instant(const WrittenTime& time) { return of(time).to_instant(time.local); }

 private:
  const Zone* resolve(const std::string& name);
  const Zone* define(const std::string& name);

  const Series& series_;
  const std::string floating_;  // empty
  const std::string calendar_zone_;
  Window span_;
  Budget& budget_;
  std::vector<LeftOut>& left_out_;
  std::map<std::string, const Zone*, std::less<>> known_;
  std::vector<std::unique_ptr<const Zone>> owned_;
};

// How a calendar's own name of a zone is compared: without case, escapes and quotes.
std::string zone_key(std::string_view name);

}  // namespace calint::calendar
