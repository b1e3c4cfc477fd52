// CalDAV answers for the tests of this room.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "support/samples.h"

namespace calint::test {

inline std::string caldav_text(const std::string& name) { return read_text(CALINT_TEST_DATA "/caldav/" + name); }

inline HttpResponse dav_answer(std::string_view body) {
  return {.status = 207, .headers = {{"content-type", "text/xml"}}, .body = Secret(body)};
}

// The body in a file of tests/data/caldav.
inline HttpResponse dav_sample(const std::string& name) { return dav_answer(caldav_text(name)); }

// A multistatus with DAV:, CalDAV's, CalendarServer's and Apple's names under d, c, s and a.
inline HttpResponse multistatus(std::string_view responses) {
  return dav_answer(std::string(R"(<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" )"
                                R"(xmlns:s="http://calendarserver.org/ns/" xmlns:a="http://apple.com/ns/ical/">)")
                        .append(responses)
                        .append("</d:multistatus>"));
}

inline HttpResponse redirect_to(std::string_view location, int status = 301) {
  return {.status = status, .headers = {{"location", std::string(location)}}, .body = {}};
}

// Status and headers out of tests/data/caldav/http-exchanges.json.
inline HttpResponse dav_exchange(const char* name) {
  const Json all = read_sample(CALINT_TEST_DATA "/caldav/http-exchanges.json");
  const json_t* one = json_object_get(all.get(), name);
  HttpResponse response{.status = static_cast<int>(integer_member(one, "status").value_or(0))};
  const json_t* headers = json_object_get(one, "headers");
  for (size_t i = 0; i < json_array_size(headers); ++i) {
    const json_t* pair = json_array_get(headers, i);
    response.headers.emplace_back(lower_case(json_string_value(json_array_get(pair, 0))),
                                  json_string_value(json_array_get(pair, 1)));
  }
  return response;
}

}  // namespace calint::test
