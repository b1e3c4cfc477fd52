#include "provider/caldav/requests.h"

#include <set>

#include "caldav.h"
#include "provider/caldav/xml.h"
#include "support/check.h"

using namespace calint;
using namespace calint::caldav;

namespace {

const BasicCredentials kCredentials{.user = "avery@icloud.example", .password = Secret(std::string_view("s3cret-A"))};

std::set<std::string> properties_in(std::string_view body) {
  const auto root = xml::parse(body);
  CHECK_OK(root);
  CHECK_EQUAL(root->name, "{DAV:}propfind");
  const xml::Element* prop = root->child("{DAV:}prop");
  CHECK(prop != nullptr);
  CHECK_EQUAL(root->children.size(), 1);
  std::set<std::string> names;
  for (const xml::Element& one : prop->children) CHECK(names.insert(one.name).second);
  return names;
}

void check_propfind(const HttpRequest& request, const char* depth) {
  CHECK_EQUAL(request.method, "PROPFIND");
  CHECK_EQUAL(request.url, "https://caldav.icloud.com/1/?a=b");
  CHECK_EQUAL(request.basic->user, "avery@icloud.example");
  CHECK_EQUAL(request.basic->password.reveal(), "s3cret-A");
  CHECK(!request.bearer.has_value());
  std::string sent;
  for (const auto& [name, value] : request.headers)
    if (name == "Depth") sent += value;
  CHECK_EQUAL(sent, depth);
}

}  // namespace

CALINT_TEST(requests_are_propfinds_with_the_password_and_a_depth) {
  const Url url = parse_url("https://caldav.icloud.com:443/1/?a=b").value();
  check_propfind(principal_request(url, kCredentials), "0");
  check_propfind(home_request(url, kCredentials), "0");
  check_propfind(calendars_request(url, kCredentials), "1");
}

CALINT_TEST(they_ask_for_properties_of_the_reference) {
  const Url url = parse_url("https://caldav.icloud.com/").value();
  CHECK(properties_in(principal_request(url, kCredentials).body.reveal()) ==
        properties_in(test::caldav_text("request-principal.xml")));

  auto home = properties_in(test::caldav_text("request-home-set.xml"));
  home.erase("{DAV:}displayname");
  CHECK_EQUAL(properties_in(home_request(url, kCredentials).body.reveal()), home);

  // Without what tells of changes, and with two that tell whose a calendar is and which one is the default.
  auto list = properties_in(test::caldav_text("request-calendar-list.xml"));
  for (const char* one : {"{DAV:}sync-token", "{DAV:}supported-report-set", "{http://calendarserver.org/ns/}getctag",
                          "{urn:ietf:params:xml:ns:caldav}schedule-calendar-transp"})
    CHECK_EQUAL(list.erase(one), 1);
  list.insert({"{DAV:}current-user-principal", "{urn:ietf:params:xml:ns:caldav}schedule-default-calendar-URL"});
  CHECK_EQUAL(properties_in(calendars_request(url, kCredentials).body.reveal()), list);
}

CALINT_TEST(a_list_with_time_zones_may_be_long) {
  const Url url = parse_url("https://caldav.icloud.com/").value();
  CHECK_EQUAL(calendars_request(url, kCredentials).max_answer_bytes, 4 << 20);
  CHECK_EQUAL(home_request(url, kCredentials).max_answer_bytes, 1 << 20);
}

namespace {

std::string headers_of(const HttpRequest& request) {
  std::string all;
  for (const auto& [name, value] : request.headers) all += name + ": " + value + "\n";
  return all;
}

}  // namespace

CALINT_TEST(an_object_is_never_written_over_another_than_the_one_that_was_read) {
  const Url url = parse_url("https://caldav.icloud.com/1/a.ics").value();
  const HttpRequest made = put_request(url, kCredentials, "", "BEGIN:VCALENDAR");
  CHECK_EQUAL(made.method + " " + made.url, "PUT https://caldav.icloud.com/1/a.ics");
  CHECK_EQUAL(headers_of(made), "Content-Type: text/calendar; charset=utf-8\nIf-None-Match: *\n");
  CHECK_EQUAL(made.body.reveal(), "BEGIN:VCALENDAR");
  CHECK_EQUAL(headers_of(put_request(url, kCredentials, "\"C=30@U=0a\"", "")),
              "Content-Type: text/calendar; charset=utf-8\nIf-Match: \"C=30@U=0a\"\n");
  const HttpRequest gone = delete_request(url, kCredentials, "\"1\"");
  CHECK_EQUAL(gone.method + " " + headers_of(gone), "DELETE If-Match: \"1\"\n");
  // Whoever compresses on the way must not rename the etag.
  CHECK_EQUAL(headers_of(object_request(url, kCredentials)), "Accept: text/calendar\nAccept-Encoding: identity\n");
}

CALINT_TEST(a_uid_is_looked_for_by_a_filter_or_among_all_of_a_time) {
  const Url url = parse_url("https://caldav.icloud.com/1/team/").value();
  const HttpRequest request = uid_request(url, kCredentials, "a<&>b");
  CHECK_EQUAL(request.method, "REPORT");
  CHECK(headers_of(request).find("Depth: 1\n") != std::string::npos);
  auto query = xml::parse(request.body.reveal());
  CHECK_OK(query);
  const auto inside = [](const xml::Element* element, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      CHECK(element != nullptr);
      element = element->child(std::string("{urn:ietf:params:xml:ns:caldav}") + name);
    }
    return element;
  };
  const xml::Element* text =
      inside(&*query, {"filter", "comp-filter", "comp-filter", "prop-filter", "text-match"});
  CHECK(text != nullptr);
  CHECK_EQUAL(text->text, "a<&>b");

  const calendar::SysTime from{std::chrono::seconds(1795597200)};
  query = xml::parse(uids_request(url, kCredentials, {from, from + std::chrono::days(1)}).body.reveal());
  CHECK_OK(query);
  CHECK(inside(&*query, {"filter", "comp-filter", "comp-filter", "prop-filter"}) == nullptr);
  const xml::Element* range = inside(&*query, {"filter", "comp-filter", "comp-filter", "time-range"});
  CHECK(range != nullptr);
  CHECK_EQUAL(range->attribute("start"), "20261125T090000Z");
  CHECK_EQUAL(range->attribute("end"), "20261126T090000Z");
  const xml::Element* wanted = inside(query->child("{DAV:}prop"), {"calendar-data", "comp", "comp", "prop"});
  CHECK(wanted != nullptr);
  CHECK_EQUAL(wanted->attribute("name"), "UID");
}
