// What a CalDAV server is asked (providers.md, 4.4 and 4.5). Pure.
#pragma once

#include "base/url.h"
#include "net/transport.h"

namespace calint::caldav {

// Who the password's owner is (RFC 5397).
HttpRequest principal_request(const Url& url, const BasicCredentials& credentials);

// Where the calendars of the principal at `url` are, and its addresses (RFC 4791, 6.2.1; RFC 6638, 2.4.1).
HttpRequest home_request(const Url& url, const BasicCredentials& credentials);

// What is in the calendar home at `url`.
HttpRequest calendars_request(const Url& url, const BasicCredentials& credentials);

}  // namespace calint::caldav
