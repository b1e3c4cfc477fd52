#include "provider/calendar_list.h"

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
