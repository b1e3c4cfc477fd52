#include "provider/apple/apple.h"

#include "caldav.h"
#include "support/check.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
constexpr char kHome[] = "https://p42-caldav.icloud.com/1234567890/calendars/";
// The home, and under which addresses its owner is invited.
constexpr char kMemory[] = "https://p42-caldav.icloud.com/1234567890/calendars/ avery@icloud.example"
                           " /1234567890/principal/ urn:uuid:1234567890";

Result<Grant> signed_in(ScriptedTransport& transport, apple::Options options = {}) {
  const Provider apple = apple::make_provider(std::move(options), transport);
  auto account = apple.password->normalised_account(" Avery@iCloud.example ");
  auto password = apple.password->normalised_password(Secret(std::string_view("ABCDEFGHIJKLMNOP")));
  CHECK(account.ok() && password.ok());
  return apple.password->sign_in(*account, *password, kNow, Deadline::in(5s));
}

Result<CalendarList> listed(ScriptedTransport& transport, const char* memory) {
  return apple::make_calendars({}, transport)->list({.token = Secret(std::string_view("abcd-efgh-ijkl-mnop")),
                       .account = "avery@icloud.example",
                       .memory = memory},
                      kNow, Deadline::in(5s));
}

// The three answers of an account at iCloud.
void then_icloud(ScriptedTransport& transport) {
  for (const char* name : {"icloud-principal.xml", "icloud-home-set.xml", "icloud-calendar-list.xml"})
    transport.then(dav_sample(name));
}

// Every request in order, and that each has the account's password.
void check_asked(const ScriptedTransport& transport, const std::vector<std::string>& urls) {
  for (size_t i = 0; i < urls.size(); ++i) {
    CHECK(i < transport.requests().size());
    const HttpRequest& request = transport.requests()[i];
    CHECK_EQUAL(request.url, urls[i]);
    CHECK_EQUAL(request.method, "PROPFIND");
    CHECK_EQUAL(request.basic->user, "avery@icloud.example");
    CHECK_EQUAL(request.basic->password.reveal(), "abcd-efgh-ijkl-mnop");
    CHECK(request.body.reveal().find("propfind") != std::string_view::npos);
  }
  CHECK_EQUAL(transport.requests().size(), urls.size());
}

std::string only_response(std::string_view href, std::string_view property) {
  return std::string("<d:response><d:href>")
      .append(href)
      .append("</d:href><d:propstat><d:prop>")
      .append(property)
      .append("</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>");
}

HttpResponse principal(std::string_view href) {
  return multistatus(only_response(
      "/", "<d:current-user-principal><d:href>" + std::string(href) + "</d:href></d:current-user-principal>"));
}

HttpResponse homes(std::initializer_list<const char*> hrefs) {
  std::string set = "<c:calendar-home-set>";
  for (const char* href : hrefs) set += std::string("<d:href>") + href + "</d:href>";
  return multistatus(only_response("/", set + "</c:calendar-home-set>"));
}

Error cut_off(bool nothing_sent) {
  return {.fault = Fault::unavailable, .what = "cut off", .nothing_sent = nothing_sent};
}

}  // namespace

CALINT_TEST(a_sign_in_finds_account_home_and_calendars) {
  ScriptedTransport transport;
  then_icloud(transport);
  auto grant = signed_in(transport);
  CHECK_OK(grant);
  check_asked(transport, {"https://caldav.icloud.com/", "https://caldav.icloud.com/1234567890/principal/", kHome});
  CHECK_EQUAL(grant->subject.key, "/1234567890/principal");
  CHECK_EQUAL(grant->subject.account, "avery@icloud.example");
  CHECK_EQUAL(grant->tokens.access_token.reveal(), "abcd-efgh-ijkl-mnop");
  CHECK(!grant->tokens.expires_at && !grant->tokens.refresh_token);
  CHECK(grant->missing_scopes.empty() && !grant->identity_error);
  CHECK_EQUAL(grant->list->memory, kMemory);
  CHECK_EQUAL(grant->list->calendars.size(), 3);
  CHECK_EQUAL(grant->list->calendars[0].name, "Home");
}

CALINT_TEST(a_redirect_to_the_partition_is_followed_with_the_password) {
  ScriptedTransport transport;
  transport.then(dav_exchange("icloud_redirect_to_partition"));
  then_icloud(transport);
  CHECK_OK(signed_in(transport));
  check_asked(transport, {"https://caldav.icloud.com/", "https://p42-caldav.icloud.com/",
                          "https://p42-caldav.icloud.com/1234567890/principal/", kHome});
  CHECK_EQUAL(transport.requests()[0].body.reveal(), transport.requests()[1].body.reveal());
}

CALINT_TEST(every_redirect_that_keeps_the_method_is_followed) {
  for (const int status : {301, 302, 307, 308}) {
    ScriptedTransport transport;
    transport.then(redirect_to("/dav/", status));
    then_icloud(transport);
    CHECK_OK(signed_in(transport));
  }
  ScriptedTransport transport;
  transport.then(redirect_to("/dav/", 303));
  transport.then(HttpResponse{.status = 404});
  CHECK_FAULT(signed_in(transport), Fault::corrupt);
}

CALINT_TEST(the_password_goes_nowhere_else) {
  for (const char* location : {"https://evil.example/", "https://icloud.com.evil.example/",
                               "http://p42-caldav.icloud.com/", "//evil.example/", "http://localhost/"}) {
    ScriptedTransport transport;
    transport.then(redirect_to(location));
    transport.then(HttpResponse{.status = 404});
    auto grant = signed_in(transport);
    CHECK_FAULT(grant, Fault::corrupt);
    CHECK_EQUAL(grant.error().code, "foreign_host");
    check_asked(transport, {"https://caldav.icloud.com/", "https://caldav.icloud.com/.well-known/caldav"});
  }
  ScriptedTransport by_principal, by_home;
  by_principal.then(principal("https://evil.example/1/"));
  CHECK_EQUAL(signed_in(by_principal).error().code, "foreign_host");
  CHECK_EQUAL(by_principal.requests().size(), 1);
  by_home.then(principal("/1/"));
  by_home.then(homes({"https://evil.example/1/", "http://p42-caldav.icloud.com/1/"}));
  CHECK_EQUAL(signed_in(by_home).error().code, "foreign_host");
  CHECK_EQUAL(by_home.requests().size(), 2);
}

std::string own_calendar(const char* href) {
  return only_response(href, "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>");
}

CALINT_TEST(an_account_has_the_calendars_of_all_its_homes) {
  ScriptedTransport transport;
  transport.then(principal("/1/"));
  transport.then(homes({"https://evil.example/1/", "/1/home/", "https://p43-caldav.icloud.com/2/"}));
  transport.then(multistatus(own_calendar("/1/home/b/")));
  transport.then(multistatus(own_calendar("/2/a/")));
  auto grant = signed_in(transport);
  CHECK_OK(grant);
  check_asked(transport, {"https://caldav.icloud.com/", "https://caldav.icloud.com/1/",
                          "https://caldav.icloud.com/1/home/", "https://p43-caldav.icloud.com/2/"});
  CHECK_EQUAL(grant->list->calendars.size(), 2);
  CHECK_EQUAL(grant->list->calendars[0].id, "/1/home/b/");
  CHECK_EQUAL(grant->list->calendars[1].id, "https://p43-caldav.icloud.com/2/a/");
  CHECK(grant->list->calendars[0].is_primary && !grant->list->calendars[1].is_primary);

  ScriptedTransport again;
  again.then(multistatus(own_calendar("/1/home/b/")));
  again.then(multistatus(own_calendar("/2/a/")));
  auto list = listed(again, grant->list->memory.c_str());
  CHECK_OK(list);
  check_asked(again, {"https://caldav.icloud.com/1/home/", "https://p43-caldav.icloud.com/2/"});
  CHECK_EQUAL(list->calendars.size(), 2);
  CHECK_EQUAL(list->memory, grant->list->memory);
}

CALINT_TEST(of_the_homes_of_an_account_8_megabytes_are_taken) {
  const std::string filler = "<!--" + std::string(3'000'000, 'x') + "-->";
  const auto home = [&](const char* path) { return multistatus(own_calendar(path) + filler); };
  ScriptedTransport transport;
  transport.then(principal("/1/"));
  transport.then(homes({"/1/", "/2/", "/3/"}));
  for (const char* path : {"/1/a/", "/2/a/", "/3/a/"}) transport.then(home(path));
  auto grant = signed_in(transport);
  CHECK_OK(grant);
  CHECK(grant->list->is_cut);
  CHECK_EQUAL(grant->list->calendars.size(), 2);
  ScriptedTransport again;
  for (const char* path : {"/1/a/", "/2/a/", "/3/a/"}) again.then(home(path));
  auto list = listed(again, grant->list->memory.c_str());
  CHECK_OK(list);
  CHECK(list->is_cut);
  CHECK_EQUAL(list->calendars.size(), 2);
}

CALINT_TEST(a_home_that_is_closed_loses_no_other_and_one_that_fails_for_the_moment_does) {
  const auto with_second = [](HttpResponse second) {
    ScriptedTransport transport;
    transport.then(principal("/1/"));
    transport.then(homes({"/1/home/", "/2/home/"}));
    transport.then(multistatus(own_calendar("/1/home/a/")));
    transport.then(std::move(second));
    return signed_in(transport);
  };
  for (const int status : {403, 404, 410}) {
    auto grant = with_second({.status = status});
    CHECK_OK(grant);
    CHECK_EQUAL(grant->list->calendars.size(), 1);
    CHECK_EQUAL(grant->list->memory, "https://caldav.icloud.com/1/home/");
  }
  CHECK_FAULT(with_second({.status = 503}), Fault::unavailable);
  ScriptedTransport closed;
  closed.then(principal("/1/"));
  closed.then(homes({"/1/home/", "/2/home/"}));
  closed.then(HttpResponse{.status = 403});
  closed.then(HttpResponse{.status = 404});
  CHECK_FAULT(signed_in(closed), Fault::forbidden);
}

CALINT_TEST(a_call_follows_five_redirects_from_each_beginning) {
  ScriptedTransport five;
  for (int i = 0; i < 4; ++i) five.then(redirect_to("/again/"));
  five.then(principal("/1/"));
  five.then(redirect_to("https://p42-caldav.icloud.com/1/"));
  five.then(homes({"home/"}));
  five.then(multistatus(""));
  auto grant = signed_in(five);
  CHECK_OK(grant);
  CHECK_EQUAL(grant->list->memory, "https://p42-caldav.icloud.com/1/home/");

  ScriptedTransport six;
  for (int i = 0; i < 13; ++i) six.then(redirect_to("/again/"));
  auto refused = signed_in(six);
  CHECK_FAULT(refused, Fault::unavailable);
  CHECK_EQUAL(refused.error().code, "redirects");
  CHECK_EQUAL(six.requests().size(), 12);
}

CALINT_TEST(a_redirect_to_no_url_is_corrupt) {
  for (const char* location : {"", "a b", "mailto:x", "https://user:s3cret@p42.icloud.com/"}) {
    ScriptedTransport transport;
    transport.then(redirect_to(location));
    transport.then(HttpResponse{.status = 404});
    auto grant = signed_in(transport);
    CHECK_FAULT(grant, Fault::corrupt);
    CHECK_EQUAL(grant.error().code, "caldav");
    CHECK_EQUAL(grant.error().what.find("s3cret"), std::string::npos);
  }
}

// Radicale's way: nothing at the root but a redirect at the well-known path, and the principal is the home. At others'
// root is their web site.
CALINT_TEST(other_servers_are_found_by_their_well_known_path_whatever_their_root_says) {
  const apple::Options options{.api_url = "https://dav.example.com", .api_hosts = {}};
  const HttpResponse web_page{.status = 200, .headers = {{"content-type", "text/html"}},
                              .body = Secret(std::string_view("<!DOCTYPE html><p>Welcome"))};
  for (HttpResponse& nothing :
       std::vector<HttpResponse>{{.status = 404}, {.status = 405}, multistatus(""), web_page, {.status = 400},
                                 {.status = 403}, {.status = 500}, {.status = 501},
                                 redirect_to("https://www.example.com/")}) {
    ScriptedTransport transport;
    transport.then(std::move(nothing));
    transport.then(redirect_to("/dav/"));
    transport.then(principal("/alice/"));
    transport.then(homes({"/alice/"}));
    transport.then(multistatus(only_response("/alice/office/", "<d:resourcetype><c:calendar/></d:resourcetype>")));
    auto grant = signed_in(transport, options);
    CHECK_OK(grant);
    check_asked(transport,
                {"https://dav.example.com/", "https://dav.example.com/.well-known/caldav",
                 "https://dav.example.com/dav/", "https://dav.example.com/alice/", "https://dav.example.com/alice/"});
    CHECK_EQUAL(grant->subject.key, "/alice");
    CHECK_EQUAL(grant->list->calendars.at(0).id, "/alice/office/");
  }
}

CALINT_TEST(a_server_without_caldav_is_asked_twice) {
  ScriptedTransport transport;
  for (int i = 0; i < 3; ++i) transport.then(HttpResponse{.status = 404});
  auto grant = signed_in(transport);
  CHECK_FAULT(grant, Fault::corrupt);
  CHECK_EQUAL(grant.error().code, "caldav");
  CHECK_EQUAL(transport.requests().size(), 2);
}

CALINT_TEST(a_refused_password_is_tried_once) {
  ScriptedTransport transport;
  transport.then(dav_exchange("icloud_401"));
  auto grant = signed_in(transport);
  CHECK_FAULT(grant, Fault::reconnect);
  CHECK_EQUAL(grant.error().detail, Detail::refused);
  CHECK_EQUAL(transport.requests().size(), 1);
}

CALINT_TEST(a_server_that_asks_for_time_is_asked_nothing_more) {
  ScriptedTransport transport;
  transport.then(dav_exchange("icloud_throttled"));
  auto grant = signed_in(transport);
  CHECK_FAULT(grant, Fault::unavailable);
  CHECK_EQUAL(grant.error().retry_after, 120s);
  CHECK_EQUAL(transport.requests().size(), 1);
}

CALINT_TEST(what_cannot_be_sent_is_not_sent) {
  ScriptedTransport transport;
  const Provider apple = apple::make_provider({}, transport);
  auto no_account = apple.password->normalised_account("a:b");
  CHECK_FAULT(no_account, Fault::bad_input);
  CHECK_EQUAL(no_account.error().detail, Detail::none);
  auto no_password = apple.password->normalised_password(Secret());
  CHECK_FAULT(no_password, Fault::bad_input);
  CHECK_EQUAL(no_password.error().detail, Detail::missing);
  CHECK(transport.requests().empty());
}

CALINT_TEST(a_principal_without_a_path_is_no_identity) {
  for (const char* href : {"/", "/%00", "https://caldav.icloud.com"}) {
    ScriptedTransport transport;
    transport.then(principal(href));
    CHECK_FAULT(signed_in(transport), Fault::corrupt);
    CHECK_EQUAL(transport.requests().size(), 1);
  }
}

CALINT_TEST(a_known_home_is_asked_alone) {
  ScriptedTransport transport;
  transport.then(dav_sample("icloud-calendar-list.xml"));
  auto list = listed(transport, kHome);
  CHECK_OK(list);
  CHECK_EQUAL(list->calendars.size(), 3);
  CHECK_EQUAL(list->memory, kHome);
  check_asked(transport, {kHome});
}

CALINT_TEST(calendars_that_moved_are_found_again) {
  for (HttpResponse& gone : std::vector<HttpResponse>{{.status = 404},
                                                      redirect_to("https://p43-caldav.icloud.com/"),
                                                      redirect_to("https://evil.example/", 308),
                                                      dav_exchange("icloud_421"),
                                                      dav_exchange("icloud_401")}) {
    ScriptedTransport transport;
    transport.then(std::move(gone));
    then_icloud(transport);
    auto list = listed(transport, "https://p41-caldav.icloud.com/1234567890/calendars/");
    CHECK_OK(list);
    CHECK_EQUAL(list->memory, kMemory);
    check_asked(transport, {"https://p41-caldav.icloud.com/1234567890/calendars/", "https://caldav.icloud.com/",
                            "https://caldav.icloud.com/1234567890/principal/", kHome});
  }
}

CALINT_TEST(a_home_that_is_not_known_or_not_allowed_is_found) {
  for (const char* memory : {"", "nonsense", "https://evil.example/1/", "http://p42-caldav.icloud.com/1/"}) {
    ScriptedTransport transport;
    then_icloud(transport);
    auto list = listed(transport, memory);
    CHECK_OK(list);
    CHECK_EQUAL(list->memory, kMemory);
    CHECK_EQUAL(transport.requests().size(), 3);
  }
}

CALINT_TEST(a_password_that_the_entry_refuses_too_is_refused) {
  ScriptedTransport transport;
  transport.then(HttpResponse{.status = 401});
  transport.then(HttpResponse{.status = 401});
  auto list = listed(transport, kHome);
  CHECK_FAULT(list, Fault::reconnect);
  CHECK_EQUAL(list.error().detail, Detail::refused);
  CHECK_EQUAL(transport.requests().size(), 2);

  ScriptedTransport at_entry;
  at_entry.then(HttpResponse{.status = 401});
  CHECK_FAULT(listed(at_entry, "https://caldav.icloud.com/1/"), Fault::reconnect);
  CHECK_EQUAL(at_entry.requests().size(), 1);
}

CALINT_TEST(a_home_that_fails_otherwise_is_not_looked_for) {
  ScriptedTransport transport;
  transport.then(dav_exchange("icloud_throttled"));
  auto list = listed(transport, kHome);
  CHECK_FAULT(list, Fault::unavailable);
  CHECK_EQUAL(list.error().retry_after, 120s);
  CHECK_EQUAL(transport.requests().size(), 1);
}

CALINT_TEST(a_call_that_breaks_off_says_whether_anything_left) {
  ScriptedTransport first;
  first.then(cut_off(true));
  CHECK(signed_in(first).error().nothing_sent);
  ScriptedTransport second;
  second.then(dav_sample("icloud-principal.xml"));
  second.then(cut_off(true));
  CHECK(!signed_in(second).error().nothing_sent);
}

CALINT_TEST(apple_says_where_a_password_is_withdrawn) {
  ScriptedTransport transport;
  const Provider apple = apple::make_provider({}, transport);
  CHECK_EQUAL(apple.id, ProviderId::apple);
  CHECK(!has_revocation(apple.id));
  CHECK_EQUAL(apple.withdraw_pages.front().url, "https://account.apple.com");
}
