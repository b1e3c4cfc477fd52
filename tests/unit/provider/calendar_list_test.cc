#include "provider/shared/calendar_list.h"

#include "support/check.h"

using namespace calint;
using namespace calint::provider;

CALINT_TEST(calendars_are_in_order_and_there_once) {
  const auto calendar = [](const char* id, const char* name, bool primary = false) {
    Calendar made;
    made.id = id;
    made.name = name;
    made.is_primary = primary;
    return made;
  };
  const auto ordered = in_order({calendar("1", "b"), calendar("2", "C"), calendar("3", "z", true), calendar("4", "a"),
                                 calendar("1", "other page")});
  std::string ids;
  for (const Calendar& one : ordered) ids += one.id;
  CHECK_EQUAL(ids, "3412");
}

// Somebody who shares a calendar names it, and other words of ours stand behind its name.
CALINT_TEST(a_name_turns_nothing_round_that_stands_behind_it) {
  CHECK_EQUAL(calendar_name("\u202eTeam\u202c \u2066of\u2069 Ian\u202a"), "Team of Ian");
  for (const char* kept : {"\u200eTeam\u200f", "caf\u00e9 \u2013 \u20ac", "\u05e6\u05d5\u05d5\u05ea", "\u2070\u2065"})
    CHECK_EQUAL(calendar_name(kept), kept);
}
