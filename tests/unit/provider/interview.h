// The interview of the reference's samples (providers.md, 2.10 and 3.10), and what a body says.
#pragma once

#include <chrono>
#include <string>

#include "base/json.h"
#include "provider/events.h"

namespace calint::test {

inline provider::EventContent interview() {
  return {.title = "Interview: J. Doe - Backend Engineer",
          .description = "Panel interview",
          .location = "Room 4",
          .start = Instant{std::chrono::seconds(1800522000)},  // 2027-01-21T09:00:00Z
          .end = Instant{std::chrono::seconds(1800525600)},
          .zone = "Europe/Berlin",
          .guests = {{.email = "jdoe@example.net", .name = "J. Doe"},
                     {.email = "sam@example.com", .is_optional = true}},
          .wants_room = true,
          .hides_guests = true,
          .reminder = 15};
}

// A member as JSON, its own members in order of their names; "" where it isn't there.
inline std::string member_text(const json_t* object, const char* name) {
  const json_t* member = json_object_get(object, name);
  if (member == nullptr) return "";
  char* text = json_dumps(member, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
  const std::string copy = text;
  free(text);
  return copy;
}

}  // namespace calint::test
