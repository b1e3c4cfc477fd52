// iCloud's calendars, over CalDAV with an app-specific password (providers.md, section 4), and other CalDAV servers'.
#pragma once

#include <string>
#include <vector>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint::apple {

struct Options {
  // Where the discovery begins. In China it is caldav.icloud.com.cn.
  std::string api_url = "https://caldav.icloud.com";
  // Hosts that the password may go to beside api_url's: "example.com", or "*.example.com" for all below it. iCloud
  // keeps each account on one of many hosts.
  std::vector<std::string> api_hosts = {"*.icloud.com"};
};

// `transport` must outlive the result, here and below.
Provider make_provider(const Options& options, Transport& transport);

// sign_in: subject.key is the path of the account's principal. Errors of caldav::Discovery.
std::unique_ptr<PasswordAccess> make_password_access(Options options, Transport& transport);

// list: where access.memory, the calendar home, leads, and where that isn't right any more, as for a new account. Errors
// of caldav::Discovery; reconnect with Detail::refused for a password, which isn't tried there again.
std::unique_ptr<Calendars> make_calendars(Options options, Transport& transport);

// Errors of caldav::CalendarChanges. null where api_url isn't one.
std::unique_ptr<Changes> make_changes(const Options& options, Transport& transport);

// Errors of Events. null where api_url isn't one.
std::unique_ptr<Events> make_events(const Options& options, Transport& transport);

}  // namespace calint::apple
