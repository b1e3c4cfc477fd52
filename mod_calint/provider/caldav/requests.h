// What a CalDAV server is asked (providers.md, 4.4 to 4.8). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"
#include "calendar/series.h"
#include "net/transport.h"

namespace calint::caldav {

// Who the password's owner is (RFC 5397).
HttpRequest principal_request(const Url& url, const BasicCredentials& credentials);

// Where the calendars of the principal at `url` are, and its addresses (RFC 4791, 6.2.1; RFC 6638, 2.4.1).
HttpRequest home_request(const Url& url, const BasicCredentials& credentials);

// What is in the calendar home at `url`.
HttpRequest calendars_request(const Url& url, const BasicCredentials& credentials);

// What the calendar at `url` can do and stands at: its reports and its ctag.
HttpRequest state_request(const Url& url, const BasicCredentials& credentials);

// Which objects are in the calendar at `url`, each with its etag.
HttpRequest objects_request(const Url& url, const BasicCredentials& credentials);

// What has changed in it since `token`, each object with its etag; everything where that is empty (RFC 6578, 3.2).
// `most` objects in one answer; 0: as the server likes.
HttpRequest sync_request(const Url& url, const BasicCredentials& credentials, std::string_view token, int most);

// Objects of it by their hrefs (RFC 4791, 7.9).
HttpRequest multiget_request(const Url& url, const BasicCredentials& credentials,
                             const std::vector<std::string>& hrefs);

// Objects of it whose UID has that text in it (RFC 4791, 7.8.6), with their data.
HttpRequest uid_request(const Url& url, const BasicCredentials& credentials, std::string_view uid);

// Objects of it that take place in that time (RFC 4791, 7.8.1), with nothing but their UIDs as far as the server can
// leave things out.
HttpRequest uids_request(const Url& url, const BasicCredentials& credentials, const calendar::Window& window);

// The object at `url`, as it is.
HttpRequest object_request(const Url& url, const BasicCredentials& credentials);

// Writes it where there is none; in the place of the one that has the etag where that isn't empty.
HttpRequest put_request(const Url& url, const BasicCredentials& credentials, std::string_view etag,
                        std::string_view text);

// Deletes it where it still has the etag.
HttpRequest delete_request(const Url& url, const BasicCredentials& credentials, std::string_view etag);

}  // namespace calint::caldav
