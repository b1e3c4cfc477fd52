// A calendar as providers list it and the database keeps it.
#pragma once

#include <string>

namespace calint {

// One calendar of the connected account.
struct Calendar {
  std::string id;           // the provider's, opaque
  std::string name;         // what the user calls it; clean UTF-8, at most 200 bytes
  std::string time_zone;    // IANA; may be empty
  std::string color;        // "#rrggbb" or empty
  std::string access_role;  // freeBusyReader, reader, writer, owner: unknown ones read as freeBusyReader
  bool is_primary = false;
  bool can_write = false;
};

}  // namespace calint
