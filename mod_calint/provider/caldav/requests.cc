#include "provider/caldav/requests.h"

#include "calendar/values.h"

namespace calint::caldav {
namespace {

// A hundred calendars, each with the rules of its time zone.
constexpr size_t kLongestList = 4 << 20;

constexpr std::string_view kPrincipal = R"(<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>
)";

constexpr std::string_view kHome = R"(<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop>
<c:calendar-home-set/><c:calendar-user-address-set/>
</prop></propfind>
)";

// The principal again, to tell own calendars from those of others when the home was known before.
constexpr std::string_view kCalendars = R"(<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/"><prop>
<resourcetype/><displayname/><owner/><current-user-principal/><current-user-privilege-set/>
<c:supported-calendar-component-set/><c:calendar-timezone/><c:schedule-default-calendar-URL/><a:calendar-color/>
</prop></propfind>
)";

constexpr std::string_view kState = R"(<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:s="http://calendarserver.org/ns/"><prop>
<supported-report-set/><s:getctag/>
</prop></propfind>
)";

constexpr std::string_view kObjects = R"(<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><resourcetype/><getetag/></prop></propfind>
)";

// Bounds on what is read of one answer. It is never in memory as a whole.
constexpr size_t kLongestListing = 128 << 20;
constexpr size_t kMostObjectBytes = 128 << 20;

constexpr size_t kLongestObject = 4 << 20;

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text) {
    if (c == '&') all += "&amp;";
    else if (c == '<') all += "&lt;";
    else if (c == '>') all += "&gt;";
    else all += c;
  }
  return all;
}

HttpRequest ask(const char* method, const Url& url, const BasicCredentials& credentials, const char* depth,
                std::string_view body) {
  return {.method = method,
          .url = url.text(),
          .headers = {{"Content-Type", "application/xml; charset=utf-8"},
                      {"Accept", "application/xml, text/xml"},
                      {"Depth", depth}},
          .bearer = std::nullopt,
          .basic = credentials,
          .body = Secret(body)};
}

// Of the events that the filter lets pass, those properties.
HttpRequest query(const Url& url, const BasicCredentials& credentials, std::string_view properties,
                  std::string_view filter) {
  std::string body = R"(<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop>)";
  body.append(properties).append(R"(</prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">)");
  body.append(filter).append("</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>\n");
  HttpRequest request = ask("REPORT", url, credentials, "1", body);
  request.max_answer_bytes = kMostObjectBytes;
  return request;
}

HttpRequest propfind(const Url& url, const BasicCredentials& credentials, const char* depth, std::string_view body) {
  return ask("PROPFIND", url, credentials, depth, body);
}

}  // namespace

HttpRequest principal_request(const Url& url, const BasicCredentials& credentials) {
  return propfind(url, credentials, "0", kPrincipal);
}

HttpRequest home_request(const Url& url, const BasicCredentials& credentials) {
  return propfind(url, credentials, "0", kHome);
}

HttpRequest calendars_request(const Url& url, const BasicCredentials& credentials) {
  HttpRequest request = propfind(url, credentials, "1", kCalendars);
  request.max_answer_bytes = kLongestList;
  return request;
}

HttpRequest state_request(const Url& url, const BasicCredentials& credentials) {
  return propfind(url, credentials, "0", kState);
}

HttpRequest objects_request(const Url& url, const BasicCredentials& credentials) {
  HttpRequest request = propfind(url, credentials, "1", kObjects);
  request.max_answer_bytes = kLongestListing;
  return request;
}

HttpRequest sync_request(const Url& url, const BasicCredentials& credentials, std::string_view token, int most) {
  std::string body = R"(<?xml version="1.0" encoding="utf-8"?>
<sync-collection xmlns="DAV:"><sync-token>)" +
                     escaped(token) + "</sync-token><sync-level>1</sync-level>";
  if (most > 0) body += "<limit><nresults>" + std::to_string(most) + "</nresults></limit>";
  HttpRequest request = ask("REPORT", url, credentials, "0", body + "<prop><getetag/></prop></sync-collection>\n");
  request.max_answer_bytes = kLongestListing;
  return request;
}

HttpRequest multiget_request(const Url& url, const BasicCredentials& credentials,
                             const std::vector<std::string>& hrefs) {
  std::string body = R"(<?xml version="1.0" encoding="utf-8"?>
<c:calendar-multiget xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><getetag/><c:calendar-data/></prop>)";
  for (const std::string& href : hrefs) body += "<href>" + escaped(href) + "</href>";
  HttpRequest request = ask("REPORT", url, credentials, "1", body + "</c:calendar-multiget>\n");
  request.max_answer_bytes = kMostObjectBytes;
  return request;
}

HttpRequest uid_request(const Url& url, const BasicCredentials& credentials, std::string_view uid) {
  return query(url, credentials, "<c:calendar-data/>",
               R"(<c:prop-filter name="UID"><c:text-match>)" + escaped(uid) + "</c:text-match></c:prop-filter>");
}

HttpRequest uids_request(const Url& url, const BasicCredentials& credentials, const calendar::Window& window) {
  return query(url, credentials,
               R"(<c:calendar-data><c:comp name="VCALENDAR"><c:comp name="VEVENT"><c:prop name="UID"/></c:comp>)"
               "</c:comp></c:calendar-data>",
               R"(<c:time-range start=")" + calendar::utc_text(window.from) + R"(" end=")" +
                   calendar::utc_text(window.to) + R"("/>)");
}

// Without compression: a proxy that compresses names the etag otherwise, and no If-Match fits that.
HttpRequest object_request(const Url& url, const BasicCredentials& credentials) {
  return {.method = "GET",
          .url = url.text(),
          .headers = {{"Accept", "text/calendar"}, {"Accept-Encoding", "identity"}},
          .basic = credentials,
          .max_answer_bytes = kLongestObject};
}

HttpRequest put_request(const Url& url, const BasicCredentials& credentials, std::string_view etag,
                        std::string_view text) {
  HttpRequest request{.method = "PUT",
                      .url = url.text(),
                      .headers = {{"Content-Type", "text/calendar; charset=utf-8"}},
                      .basic = credentials,
                      .body = Secret(text)};
  if (etag.empty()) request.headers.emplace_back("If-None-Match", "*");
  else request.headers.emplace_back("If-Match", etag);
  return request;
}

HttpRequest delete_request(const Url& url, const BasicCredentials& credentials, std::string_view etag) {
  return {.method = "DELETE", .url = url.text(), .headers = {{"If-Match", std::string(etag)}}, .basic = credentials};
}

}  // namespace calint::caldav
