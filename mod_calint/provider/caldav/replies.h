// What a CalDAV server answers to the discovery's questions (providers.md, 4.4 and 4.5), parsed. Pure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/url.h"
#include "calendar/calendar.h"
#include "net/transport.h"
#include "provider/provider.h"

namespace calint::caldav {

// All of these: errors of caldav_error where the answer isn't a 207, corrupt with code "caldav" where it can't be
// read. hrefs are as received.

// The principal's href; "" where the answer names none.
Result<std::string> parse_principal(const HttpResponse& response, Instant now);

// The hrefs of the principal's calendar homes, in the server's order.
Result<std::vector<std::string>> parse_homes(const HttpResponse& response, Instant now);

// The addresses of the principal (account.h), in the server's order.
std::vector<std::string> parse_addresses(const HttpResponse& response);

// Where a list of calendars was asked for.
struct Home {
  Url url;
  std::string origin;                            // of the account's first home
  std::string principal;                         // its path, as dav::href_key; empty: not known
  std::function<bool(const Url&)> may_be_asked;  // whether the password may go there
};

// What one home has.
struct HomeCalendars {
  std::vector<Calendar> calendars;  // in the server's order, none of them primary yet
  bool is_cut = false;              // there are more: of all homes provider::kMostCalendars are taken
  std::string default_href = {};    // of the calendar that invitations go to (RFC 6638, 9.2); empty: not said
};

// The calendars that can hold events. The rest of the home, calendars on hosts that may not be asked or without usable
// href, and resources that fail for good are left out; where the home itself fails, that is the answer.
//
// A calendar's id is its href: the path, so that it stays the same when the account moves to another host of the
// provider's, or the whole URL where it is on another host than the first home. What isn't well formed of a name, colour
// or time zone is left out.
Result<HomeCalendars> parse_calendars(const HttpResponse& response, const Home& home, Instant now);

// Of all homes, in the one order for all providers, and no more than are taken of an account. CalDAV knows no primary
// calendar: it is the one that invitations go to, else the first of the account's own that can be written to.
CalendarList in_one_list(std::vector<HomeCalendars> homes);

}  // namespace calint::caldav
