// What must hold of the calendars that any provider lists.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "fuzz.h"
#include "provider/shared/calendar_list.h"

namespace calint::fuzz {

inline bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
}

inline void check_calendar(const Calendar& calendar) {
  MUST(!calendar.id.empty() && is_clean_text(calendar.id, 1024));
  MUST(is_clean_text(calendar.name, 200) && (calendar.name.empty() || has_visible(calendar.name)));
  MUST(calendar.time_zone.size() <= 64 && calendar.time_zone.find_first_of(" <>&'\"%.") == std::string::npos);
  MUST(calendar.color.empty() || is_color(calendar.color));
  const std::string& role = calendar.access_role;
  MUST(role == "owner" || role == "writer" || role == "reader" || role == "freeBusyReader");
  MUST(calendar.can_write == (role == "owner" || role == "writer"));
}

inline void check_order(const std::vector<Calendar>& listed) {
  const std::vector<Calendar> ordered = provider::in_order(listed);
  std::set<std::string> before, after;
  for (const Calendar& calendar : listed) before.insert(calendar.id);
  for (const Calendar& calendar : ordered) MUST(after.insert(calendar.id).second);
  MUST(before == after);
  MUST(std::is_partitioned(ordered.begin(), ordered.end(), [](const Calendar& one) { return one.is_primary; }));
}

}  // namespace calint::fuzz
