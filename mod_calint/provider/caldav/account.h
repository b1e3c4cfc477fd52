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

// Where the calendar of that id is: a path below where the account's first home is, or a whole URL (replies.h).
// bad_input as resolve_url.
Result<Url> calendar_url(const KnownAccount& known, const Url& entry, std::string_view id);

// The address that invites guests (RFC 6638, 2.4.1): the account where it is one that the server knows or nothing else
// is, else the first one. "" where there is none.
std::string organizer_of(const KnownAccount& known, const std::string& account);

// Of an href in calendar-user-address-set; "" for one that can't be kept.
std::string address_of(std::string_view href);

}  // namespace calint::caldav
