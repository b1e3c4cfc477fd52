// What the pages of events of all JSON dialects have in common: entries are taken one by one, and one that is broken
// loses no other. Pure.
#pragma once

#include <jansson.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/series.h"

namespace calint::provider {

// A page as its dialect's parser understands it, before anything is known of what was there before.
template <typename Item>
struct EventPage {
  std::vector<Item> items;                // in the page's order; an id may come several times: the last one counts
  std::string zone = {};                  // the calendar's or mailbox' own (IANA), where the page names one
  std::string next_page = {};             // token or link as it is written; empty: the answer ends here
  std::string cursor = {};                // on the last page: what the next sync begins with
  std::vector<calendar::LeftOut> left_out;
  bool whole = false;  // false: this is no page, or not all of one. A sync must not take it for an answer
};

inline constexpr size_t kMostEntries = 100'000;  // of a page; providers send some thousands

using LeftOuts = std::vector<calendar::LeftOut>;

// Calls `take` with each object in the page's array `name`; `take` reports what it doesn't take. Returns whether the
// page is whole; what is wrong with it, or with an entry that is no object, is in `left_out`.
bool read_entries(std::string_view page, std::string_view name, const std::function<void(const json_t*)>& take,
                  LeftOuts& left_out);

// A member of the page itself if it is a string of clean UTF-8; "" otherwise.
std::string page_text(std::string_view page, std::string_view name);

// The member "timeZone" of the page as an IANA name; "" where it isn't there, and reported where nobody knows it.
std::string page_zone(std::string_view page, LeftOuts& left_out);

// 1 to 2,048 bytes of clean UTF-8. Compared byte by byte.
bool is_event_id(std::string_view id);

// An iCalendar UID; empty where it isn't one: as is_event_id().
std::string uid_of(std::string_view text);

inline constexpr size_t kMostReports = 1000;  // of a page; one more says that there are more

// Reports an entry, named by as much of its id as can be shown.
void leave_out(LeftOuts& left_out, const json_t* entry, const char* why);

// Providers send `true` and `false`; their words are taken too.
bool flag_member(const json_t* entry, const char* name);

}  // namespace calint::provider
