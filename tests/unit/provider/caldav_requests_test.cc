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
