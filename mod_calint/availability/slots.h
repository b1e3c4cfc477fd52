// Free slots: who can meet when. The one answer to POST /slots and to `calintctl slots`. Pure but for the system's zone
// files, which are read at the first use of a zone and kept; safe from any thread. Takes milliseconds, and some hundred
// of them for the longest request (50 people, every minute of 91 days).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "availability/explanation.h"
#include "availability/person.h"
#include "availability/slot_request.h"
#include "availability/wall_clock.h"

namespace calint::availability {

struct Slot {
  Span span;
  // For each group who of it is chosen, as indices into SlotAnswer::people, in the order asked.
  std::vector<std::vector<uint8_t>> people;
};

struct AskedPerson {
  std::string user_id;
  Knowledge knowledge;
  std::string time_zone;  // in which their hours and days were taken
};

enum class HoursFrom { request, organization, standard };

struct SlotPolicy {
  Rule tentative;
  Rule unanswered;
  Rule unknown;
  HoursFrom working_hours;  // of whoever has none of their own
};

struct SlotAnswer {
  std::vector<Slot> slots;
  std::optional<std::string> next;  // the cursor of the next page
  std::vector<AskedPerson> people;  // everybody of the groups once, in the order asked
  SlotPolicy policy;
  std::optional<Explanation> explanation;
  WallClock clock;  // of the request's zone, in which times are told
};

// `people` has everybody whom the request's groups name, with what needed_time() says, in any order; nothing is known
// of whoever is missing. `request.limit` not set: all slots, on one page.
SlotAnswer find_slots(const SlotRequest& request, const OrganizationRules& organization, std::vector<Person> people,
                      SysTime now);

}  // namespace calint::availability
