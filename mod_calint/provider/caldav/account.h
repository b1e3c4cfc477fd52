// What is remembered of an account from one list of its calendars to the next (CalendarList::memory). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"

namespace calint::caldav {

struct KnownAccount {
  std::vector<Url> homes;               // where its calendars are, in the server's order
  std::vector<std::string> addresses;   // under which it is invited (RFC 6638, 2.4.1), without "mailto:"

  std::string text() const;
};

// What isn't a home is an address.
KnownAccount parse_known_account(std::string_view memory);

// Of an href in calendar-user-address-set; "" for one that can't be kept.
std::string address_of(std::string_view href);

}  // namespace calint::caldav
