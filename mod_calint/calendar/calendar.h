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
  std::string owner = {};   // whose it is, as the provider names them; empty: the account's own, or nobody says
  bool is_primary = false;
  bool can_write = false;
  bool is_shared = false;   // somebody else's, shared with the account or delegated to it
};

}  // namespace calint
