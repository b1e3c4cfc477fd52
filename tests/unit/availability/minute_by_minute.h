// Slots found the obvious way: every minute is looked at, every rule is asked of it as it stands in words, every choice
// is tried. Shares no code with what it is held against, but the values that go in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "availability/person.h"
#include "availability/slot_request.h"

namespace calint::test {

using availability::SysTime;

struct ObviousSlot {
  SysTime start;
  std::vector<std::vector<std::string>> user_ids;

  bool operator==(const ObviousSlot&) const = default;
};

struct ObviousAnswer {
  std::vector<ObviousSlot> slots;                             // all, in the asked order
  std::map<std::string, std::vector<std::string>> explained;  // by person: for each minute of the range why, or ""
  std::vector<std::string> starts;                            // for each minute of the range: why no slot, or ""
};

// Everything in whole minutes. No organisation: the defaults.
ObviousAnswer find_obviously(const availability::SlotRequest& request, const std::vector<availability::Person>& people,
                             SysTime now);

}  // namespace calint::test
