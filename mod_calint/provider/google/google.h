// Google Calendar (providers.md, section 2).
#pragma once

#include <string>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint::google {

// Google's own addresses (2.1).
struct Options {
  std::string authorize_url = "https://accounts.google.com/o/oauth2/v2/auth";
  std::string token_url = "https://oauth2.googleapis.com/token";
  std::string revoke_url = "https://oauth2.googleapis.com/revoke";
  std::string api_url = "https://www.googleapis.com/calendar/v3";
  // Expected in authorization responses and id_tokens. Empty: authorization responses needn't carry one, and
  // id_tokens must be Google's.
  std::string issuer = "https://accounts.google.com";
};

// What follows is in the file of its name: oauth.cc, calendars.cc, changes.cc, events.cc. `transport` must outlive the
// result, here and there.
Provider make_provider(const Options& options, Transport& transport);

// exchange: corrupt with code "id_token" where that is missing or isn't for this flow.
std::unique_ptr<OAuth> make_oauth(Options options, Transport& transport);

// list: corrupt for a list that doesn't end: a page token that comes again, or more than 100 pages.
std::unique_ptr<Calendars> make_calendars(Options options, Transport& transport);

// read: the window's end isn't looked at, so that what lies behind it is known when it comes into it; likewise what a
// round has of times before.
std::unique_ptr<Changes> make_changes(Options options, Transport& transport);

// An event's key is its id: Google refuses a second one, also after the first was deleted. create: corrupt where
// somebody else's event has that id.
std::unique_ptr<Events> make_events(Options options, Transport& transport);

}  // namespace calint::google
