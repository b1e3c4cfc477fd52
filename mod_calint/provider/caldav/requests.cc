#include "provider/caldav/requests.h"

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

HttpRequest propfind(const Url& url, const BasicCredentials& credentials, const char* depth, std::string_view body) {
  return {.method = "PROPFIND",
          .url = url.text(),
          .headers = {{"Content-Type", "application/xml; charset=utf-8"},
                      {"Accept", "application/xml, text/xml"},
                      {"Depth", depth}},
          .bearer = std::nullopt,
          .basic = credentials,
          .body = Secret(body)};
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

}  // namespace calint::caldav
