#include "provider/caldav/replies.h"

#include "caldav.h"
#include "support/check.h"

using namespace calint;
using namespace calint::caldav;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};

Home home_at(const char* url = "https://p42-caldav.icloud.com:443/1234567890/calendars/", const char* principal = "") {
  return {.url = parse_url(url).value(),
          .origin = parse_url(url)->origin(),
          .principal = principal,
          .may_be_asked = [](const Url& target) { return target.host.ends_with(".icloud.com"); }};
}

std::string propstat(std::string_view properties) {
  return std::string("<d:propstat><d:prop>")
      .append(properties)
      .append("</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>");
}

std::string calendar_at(std::string_view href, std::string_view properties) {
  return std::string("<d:response><d:href>").append(href).append("</d:href>") +
         propstat(std::string("<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>").append(properties)) +
         "</d:response>";
}

std::vector<Calendar> listed(std::string_view responses, const Home& home = home_at()) {
  auto calendars = parse_calendars(multistatus(responses), home, kNow);
  CHECK_OK(calendars);
  return in_one_list({std::move(*calendars)}).calendars;
}

// Of a calendar with these properties.
Calendar only(std::string_view properties, const Home& home = home_at()) {
  auto calendars = listed(calendar_at("/1234567890/calendars/a%20b/", properties), home);
  CHECK_EQUAL(calendars.size(), 1);
  return calendars.front();
}

std::string privileges(std::initializer_list<const char*> names) {
  std::string set = "<d:current-user-privilege-set>";
  for (const char* name : names) set += std::string("<d:privilege><") + name + "/></d:privilege>";
  return set + "</d:current-user-privilege-set>";
}

}  // namespace

CALINT_TEST(the_calendars_of_the_reference_are_read) {
  auto found = parse_calendars(dav_sample("icloud-calendar-list.xml"), home_at(), kNow);
  CHECK_OK(found);
  const std::vector<Calendar> calendars = in_one_list({std::move(*found)}).calendars;
  CHECK_EQUAL(calendars.size(), 3);
  const Calendar& own = calendars[0];
  CHECK_EQUAL(own.id, "/1234567890/calendars/personal/");
  CHECK_EQUAL(own.name, "Home");
  CHECK_EQUAL(own.color, "#1badf8");
  CHECK_EQUAL(own.time_zone, "");
  CHECK_EQUAL(own.access_role, "owner");
  CHECK(own.is_primary && own.can_write && !own.is_shared);
  const Calendar& shared = calendars[2];
  CHECK_EQUAL(shared.name, "Team (shared, read only)");
  CHECK_EQUAL(shared.access_role, "reader");
  CHECK(shared.is_shared && !shared.can_write && !shared.is_primary);
  const Calendar& work = calendars[1];
  CHECK_EQUAL(work.name, "Hiring");
  CHECK_EQUAL(work.id, "/1234567890/calendars/5E7A0000-1111-4222-8333-444455556666/");
  CHECK(work.can_write && !work.is_primary && !work.is_shared);
}

CALINT_TEST(principal_and_home_of_the_reference_are_found) {
  CHECK_EQUAL(parse_principal(dav_sample("icloud-principal.xml"), kNow).value(), "/1234567890/principal/");
  CHECK_EQUAL(parse_principal(dav_sample("radicale-3.1.8-principal.xml"), kNow).value(), "/alice/");
  CHECK_EQUAL(parse_principal(dav_sample("icloud-home-set.xml"), kNow).value(), "");
  const std::vector<std::string> homes = parse_homes(dav_sample("icloud-home-set.xml"), kNow).value();
  CHECK_EQUAL(homes, std::vector<std::string>{"https://p42-caldav.icloud.com:443/1234567890/calendars/"});
  CHECK(parse_homes(dav_sample("icloud-principal.xml"), kNow)->empty());
}

CALINT_TEST(a_principal_that_is_not_signed_in_is_none) {
  const HttpResponse answer = multistatus(
      "<d:response><d:href>/</d:href>" +
      propstat("<d:current-user-principal><d:unauthenticated/></d:current-user-principal>") + "</d:response>");
  CHECK_EQUAL(parse_principal(answer, kNow).value(), "");
}

CALINT_TEST(a_calendar_without_components_holds_events_and_one_of_tasks_does_not) {
  CHECK_EQUAL(only("").name, "a b");
  CHECK(
      listed(calendar_at(
                 "/c/",
                 R"(<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>)"))
          .empty());
  CHECK(listed(calendar_at("/c/", R"(<c:supported-calendar-component-set><c:comp name="VTODO"/><c:comp name="VEVENT"/>)"
                                  "</c:supported-calendar-component-set>"))
            .size() == 1);
}

CALINT_TEST(a_calendar_has_the_name_that_it_shows) {
  CHECK_EQUAL(only("<d:displayname>Caf\xc3\xa9 &amp; <![CDATA[<b>]]></d:displayname>").name, "Caf\xc3\xa9 & <b>");
  CHECK_EQUAL(only("<d:displayname> </d:displayname>").name, "a b");
  CHECK_EQUAL(only("<d:displayname/>").name, "a b");
  CHECK_EQUAL(only("<d:displayname>\u200b</d:displayname>").name, "a b");
  CHECK_EQUAL(listed(calendar_at("https://p43-caldav.icloud.com/", ""))[0].name, "");
}

CALINT_TEST(apples_colours_lose_their_opacity) {
  for (const char* color : {"#1BADF8FF", "#1badf8", " #1BADF8FF\n"})
    CHECK_EQUAL(only(std::string("<a:calendar-color symbolic-color='blue'>") + color + "</a:calendar-color>").color,
                "#1badf8");
  for (const char* color : {"blue", "#1BADF8F", "#1BADF8FFF", "#1BADFXFF", "#;}x{a;", ""})
    CHECK_EQUAL(only(std::string("<a:calendar-color>") + color + "</a:calendar-color>").color, "");
}

CALINT_TEST(a_time_zone_is_the_one_that_its_rules_name) {
  const auto zone = [](const char* text) {
    return only(std::string("<c:calendar-timezone>") + text + "</c:calendar-timezone>").time_zone;
  };
  CHECK_EQUAL(zone("BEGIN:VCALENDAR&#13;\nBEGIN:VTIMEZONE&#13;\nTZID:Europe/Berlin&#13;\nEND:VTIMEZONE"),
              "Europe/Berlin");
  CHECK_EQUAL(zone("<![CDATA[BEGIN:VCALENDAR\nX-WR-TIMEZONE:America/Lima\nEND:VCALENDAR]]>"), "America/Lima");
  CHECK_EQUAL(zone("TZID:Etc/UTC"), "Etc/UTC");
  for (const char* text : {"", "X-TZID:Europe/Berlin", "TZID", "TZID;X=y:Europe/Berlin", "TZID:W. Europe Standard Time",
                           "TZID:/example.com/Europe", "COMMENT:TZID:Europe/Berlin"})
    CHECK_EQUAL(zone(text), "");
}

CALINT_TEST(privileges_tell_what_the_account_may_do) {
  struct Case {
    std::string privileges;
    bool can_write;
    const char* role;
  };
  for (const Case& one :
       {Case{privileges({"d:all"}), true, "owner"}, Case{privileges({"d:read", "d:write"}), true, "owner"},
        Case{privileges({"d:read", "d:write-content", "d:bind"}), true, "owner"},
        Case{privileges({"d:read", "d:write-content"}), false, "reader"},
        Case{privileges({"d:read", "d:bind"}), false, "reader"},
        Case{privileges({"d:read", "d:write-properties"}), false, "reader"},
        Case{privileges({"c:all", "d:read"}), false, "reader"},
        Case{privileges({"c:read-free-busy"}), false, "freeBusyReader"}, Case{privileges({}), false, "freeBusyReader"},
        Case{"", true, "owner"}}) {
    const Calendar calendar = only(one.privileges);
    ck_assert_msg(calendar.can_write == one.can_write, "%s", one.privileges.c_str());
    CHECK_EQUAL(calendar.access_role, one.role);
  }
}

CALINT_TEST(privileges_that_are_not_said_are_not_refused) {
  const Home home = home_at("https://p42-caldav.icloud.com/1/", "/1/principal");
  const std::string not_found = "<d:response><d:href>/1/a/</d:href>" +
                                propstat("<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>") +
                                "<d:propstat><d:prop><d:current-user-privilege-set/></d:prop>"
                                "<d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>";
  const auto own = listed(not_found, home);
  CHECK(own.at(0).can_write && own[0].is_primary);
  CHECK_EQUAL(own[0].access_role, "owner");
  const Calendar theirs = only("<d:owner><d:href>/99/principal</d:href></d:owner>", home);
  CHECK(theirs.is_shared && !theirs.can_write);
  CHECK_EQUAL(theirs.access_role, "reader");
}

CALINT_TEST(homes_may_be_said_more_than_once) {
  const auto set = [](const char* href) {
    return propstat(std::string("<c:calendar-home-set><d:href>") + href + "</d:href></c:calendar-home-set>");
  };
  const auto homes = parse_homes(
      multistatus("<d:response><d:href>/1/</d:href>" + set("/1/a/") + set("/1/b/") + "</d:response>"), kNow);
  CHECK_OK(homes);
  CHECK_EQUAL(*homes, (std::vector<std::string>{"/1/a/", "/1/b/"}));
}

CALINT_TEST(somebody_elses_calendar_is_shared) {
  const std::string owner =
      "<d:owner><d:href>https://p9-caldav.icloud.com/99/principal</d:href></d:owner>" + privileges({"d:all"});
  const Home known = home_at("https://p42-caldav.icloud.com/1/", "/1/principal");
  CHECK(only(owner, known).is_shared);
  CHECK_EQUAL(only(owner, known).access_role, "writer");
  CHECK_EQUAL(only(owner, known).owner, "");
  CHECK(!only(owner, home_at("https://p42-caldav.icloud.com/1/", "/99/principal")).is_shared);
  // Without a principal nobody can say.
  CHECK(!only(owner).is_shared);
  const std::string told =
      "<d:current-user-principal><d:href>/99/principal/</d:href></d:current-user-principal>" + owner;
  CHECK(!only(told, known).is_shared);
  CHECK_EQUAL(only("<d:owner><d:href>mailto:sam@example.com</d:href></d:owner>", known).owner, "sam@example.com");
}

CALINT_TEST(the_calendar_for_invitations_is_primary) {
  const auto inbox = [](const char* href) {
    return "<d:response><d:href>/1/inbox/</d:href>" +
           propstat(std::string("<d:resourcetype><d:collection/><c:schedule-inbox/></"
                                "d:resourcetype><c:schedule-default-calendar-URL>"
                                "<d:href>") +
                    href + "</d:href></c:schedule-default-calendar-URL>") +
           "</d:response>";
  };
  const std::string two = calendar_at("/1/z/", privileges({"d:all"})) + calendar_at("/1/y/", privileges({"d:all"}));
  CHECK_EQUAL(listed(two)[0].id, "/1/z/");
  CHECK(listed(two)[0].is_primary && !listed(two)[1].is_primary);
  CHECK_EQUAL(listed(two + inbox("https://p42-caldav.icloud.com/1/y"))[0].id, "/1/y/");
  CHECK_EQUAL(listed(two + inbox("/1/gone/"))[0].id, "/1/z/");
  CHECK(!listed(calendar_at("/1/z/", privileges({"d:read"})))[0].is_primary);
}

CALINT_TEST(an_id_is_the_path_or_the_url_of_another_host) {
  struct Case {
    const char* href;
    const char* id;
  };
  for (const Case& one : {Case{"/1/a%20b/", "/1/a%20b/"}, Case{"https://p42-caldav.icloud.com:443/1/a/", "/1/a/"},
                          Case{"//p42-caldav.icloud.com/1/a/", "/1/a/"}, Case{"a/", "/1234567890/calendars/a/"},
                          Case{"https://p43-caldav.icloud.com:443/1/a/", "https://p43-caldav.icloud.com/1/a/"}}) {
    const auto calendars = listed(calendar_at(one.href, ""));
    CHECK_EQUAL(calendars.size(), 1);
    CHECK_EQUAL(calendars[0].id, one.id);
  }
  for (const char* href : {"https://evil.example/1/a/", "//evil.example/a/"})
    CHECK(listed(calendar_at(href, "")).empty());
}

CALINT_TEST(a_calendar_without_usable_href_loses_no_other) {
  for (const std::string& href :
       {std::string(), std::string("/a b/"), std::string("mailto:a@b"), "/" + std::string(1024, 'a')}) {
    const auto calendars = listed(calendar_at(href, "") + calendar_at("/1/a/", ""));
    CHECK_EQUAL(calendars.size(), 1);
    CHECK_EQUAL(calendars[0].id, "/1/a/");
  }
}

CALINT_TEST(what_fails_is_left_out_unless_it_is_the_home_or_for_the_moment) {
  const auto failed = [](const char* href, const char* status) {
    return std::string("<d:response><d:href>") + href + "</d:href><d:status>HTTP/1.1 " + status +
           "</d:status></d:response>";
  };
  const std::string good = calendar_at("/1/a/", "");
  CHECK_EQUAL(listed(good + failed("/1/b/", "403 Forbidden") + failed("http%3A//127.0.0.1/c", "412 Failed")).size(), 1);
  for (const char* status : {"500 Broken", "503 Busy", "507 Full"})
    CHECK_FAULT(parse_calendars(multistatus(good + failed("/1/b/", status)), home_at(), kNow), Fault::unavailable);
  const auto partly = [](const char* fails, const char* shown) {
    return std::string("<d:response><d:href>/1/b/</d:href><d:propstat><d:prop>") + fails +
           "</d:prop><d:status>HTTP/1.1 503 Busy</d:status></d:propstat><d:propstat><d:prop>" + shown +
           "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
  };
  const char* kind = "<d:resourcetype><c:calendar/></d:resourcetype>";
  const char* name = "<d:displayname>B</d:displayname>";
  CHECK_FAULT(parse_calendars(multistatus(good + partly(kind, name)), home_at(), kNow), Fault::unavailable);
  CHECK_EQUAL(listed(good + partly(name, kind)).size(), 2);
  auto forbidden =
      parse_calendars(multistatus(failed("/1234567890/calendars", "403 Forbidden") + good), home_at(), kNow);
  CHECK_FAULT(forbidden, Fault::forbidden);
  CHECK_FAULT(parse_calendars(multistatus(failed("/1234567890/calendars/", "404 Not Found")), home_at(), kNow),
              Fault::unavailable);
}

CALINT_TEST(refusals_ask_for_the_right_reaction) {
  struct Case {
    HttpResponse answer;
    Fault fault;
    const char* code;
    std::chrono::seconds retry_after = 0s;
  };
  for (const Case& one :
       {Case{dav_exchange("icloud_401"), Fault::reconnect, "401, refused"},
        Case{dav_exchange("icloud_401_one_header"), Fault::reconnect, "401, refused"},
        Case{dav_exchange("icloud_throttled"), Fault::unavailable, "503", 120s},
        Case{dav_exchange("icloud_421"), Fault::unavailable, "421"}, Case{{.status = 400}, Fault::bug, "400"},
        Case{{.status = 403}, Fault::forbidden, "403"}, Case{{.status = 404}, Fault::unavailable, "404"},
        Case{{.status = 429, .headers = {{"retry-after", "7"}}}, Fault::rate_limited, "429", 7s},
        Case{{.status = 500}, Fault::unavailable, "500"}, Case{{.status = 507}, Fault::unavailable, "507"},
        Case{{.status = 200, .body = Secret(std::string_view("<html>portal</html>"))}, Fault::corrupt, "caldav"},
        Case{{.status = 204}, Fault::corrupt, "caldav"}, Case{{.status = 303}, Fault::corrupt, "caldav"}}) {
    for (const Error& error : {parse_principal(one.answer, kNow).error(), parse_homes(one.answer, kNow).error(),
                               parse_calendars(one.answer, home_at(), kNow).error()}) {
      ck_assert_msg(error.fault == one.fault, "%d: %s", one.answer.status, error.what.c_str());
      CHECK_EQUAL(code_of(error), one.code);
      CHECK_EQUAL(error.retry_after, one.retry_after);
    }
  }
}

CALINT_TEST(two_thousand_calendars_are_taken_and_the_rest_is_left_out) {
  std::string few, many;
  for (int i = 0; i < 2500; ++i) {
    const std::string one = calendar_at("/1/" + std::to_string(i) + "/", "<d:displayname>n</d:displayname>");
    if (i < 2000) few += one;
    many += one;
  }
  auto whole = parse_calendars(multistatus(few), home_at(), kNow);
  CHECK_OK(whole);
  CHECK(!whole->is_cut);
  auto cut = parse_calendars(multistatus(many), home_at(), kNow);
  CHECK_OK(cut);
  CHECK(cut->is_cut);
  CHECK_EQUAL(cut->calendars.size(), 2000);
  const CalendarList list = in_one_list({std::move(*whole), {.calendars = {{.id = "/2/", .name = "a"}}}});
  CHECK_EQUAL(list.calendars.size(), 2000);
  CHECK(list.is_cut);
}

CALINT_TEST(a_home_with_too_many_elements_has_the_calendars_before) {
  std::string many;
  const std::string rights = privileges({"d:read", "d:write", "d:bind", "d:unbind", "d:unlock", "d:read-acl", "d:write-acl"});
  for (int i = 0; i < 2400; ++i) many += calendar_at("/1/" + std::to_string(i) + "/", rights);
  auto found = parse_calendars(multistatus(many), home_at(), kNow);
  CHECK_OK(found);
  CHECK(found->is_cut);
  CHECK(found->calendars.size() > 1500 && found->calendars.size() < 2400);
  CHECK_EQUAL(found->calendars.back().access_role, "owner");
  // One resource alone with all of them is no list that could be cut.
  std::string one;
  for (int i = 0; i < 60'000; ++i) one += "<d:x/>";
  CHECK_FAULT(parse_calendars(multistatus(calendar_at("/1/a/", one)), home_at(), kNow), Fault::corrupt);
}
