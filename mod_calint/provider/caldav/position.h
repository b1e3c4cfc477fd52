// How far a calendar has been read, as its server says it, and as a text between two reads. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace calint::caldav {

struct Position {
  enum class By {
    token,  // of sync-collection (RFC 6578)
    ctag,   // of a server that has none: another one is another content
    none,   // of a server that has neither: only a listing tells
  };
  By by = By::none;
  std::string value;         // token or ctag
  bool is_unlimited = false; // the server takes no request with a limit

  std::string text() const;
};

// corrupt for what text() never wrote.
Result<Position> parse_position(std::string_view text);

}  // namespace calint::caldav
