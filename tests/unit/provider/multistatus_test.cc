#include "provider/caldav/multistatus.h"

#include "caldav.h"
#include "support/check.h"

using namespace calint;
using namespace calint::test;

namespace {

std::vector<dav::Response> read(const HttpResponse& response) {
  auto responses = dav::parse_multistatus(response);
  CHECK_OK(responses);
  return std::move(*responses);
}

}  // namespace

CALINT_TEST(every_sample_of_a_multistatus_is_read) {
  struct Case {
    const char* name;
    size_t responses;
    const char* first;
  };
  for (const Case& one :
       {Case{"icloud-principal.xml", 1, "/"}, Case{"icloud-home-set.xml", 1, "/1234567890/principal/"},
        Case{"icloud-calendar-list.xml", 8, "/1234567890/calendars/"},
        Case{"icloud-sync-initial.xml", 4, "/1234567890/calendars/personal/"},
        Case{"radicale-3.1.8-principal.xml", 1, "/"},
        Case{"xandikos-0.2.8-sync-incremental.xml", 2, "/alice/calendars/probe/n1.ics"},
        Case{"xandikos-0.2.8-put-uid-conflict-207.xml", 1, "http%3A//127.0.0.1%3A45233/alice/calendars/probe/e1b.ics"},
        Case{"sync-truncated-507.xml", 2, "/1234567890/calendars/personal/single.ics"}}) {
    const auto responses = read(dav_sample(one.name));
    ck_assert_msg(responses.size() == one.responses, "%s: %zu", one.name, responses.size());
    CHECK_EQUAL(responses[0].href, one.first);
  }
}

CALINT_TEST(a_status_may_stand_before_or_behind_the_properties) {
  const auto before = read(dav_sample("xandikos-0.2.8-sync-incremental.xml"));
  CHECK_EQUAL(before[0].property("{DAV:}getetag")->text, "\"749c0ced431f969af7c358ad09e976149d64e92f\"");
  CHECK_EQUAL(before[1].status, 404);
  const auto behind = read(dav_sample("icloud-sync-initial.xml"));
  CHECK_EQUAL(behind[1].property("{DAV:}getetag")->text, "\"C=12@U=0a1b2c3d-0000-4000-8000-000000000001\"");
}

CALINT_TEST(only_properties_that_are_there_count) {
  const auto responses = read(multistatus(
      "<d:response><d:href> \n/a/ </d:href>"
      "<d:propstat><d:prop><d:displayname>A</d:displayname></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
      "<d:propstat><d:prop><d:owner><d:href>/hidden/</d:href></d:owner></d:prop><d:status>HTTP/1.1 403 "
      "Forbidden</d:status></d:propstat>"
      "<d:propstat><d:status>HTTP/1.1 200 OK</d:status><d:prop><c:x/></d:prop><d:prop><c:y/></d:prop></d:propstat>"
      "</d:response>"));
  CHECK_EQUAL(responses[0].href, "/a/");
  CHECK_EQUAL(responses[0].status, 200);
  CHECK_EQUAL(responses[0].property("{DAV:}displayname")->text, "A");
  CHECK(responses[0].property("{DAV:}owner") == nullptr);
  CHECK(responses[0].property("{urn:ietf:params:xml:ns:caldav}x") != nullptr);
  CHECK(responses[0].property("{urn:ietf:params:xml:ns:caldav}y") != nullptr);
  CHECK_EQUAL(dav::href_in(responses[0].property("{DAV:}owner")), "");
}

CALINT_TEST(the_content_type_is_not_asked) {
  HttpResponse response = dav_sample("icloud-principal.xml");
  for (const char* type : {"application/octet-stream", "text/html", ""}) {
    response.headers = {{"content-type", type}};
    CHECK_EQUAL(read(response).size(), 1);
  }
}

CALINT_TEST(what_is_no_multistatus_is_corrupt) {
  for (const char* body :
       {"", "<html/>", "<multistatus/>", "<multistatus xmlns='urn:other'/>", "<d:prop xmlns:d='DAV:'/>", "{}"}) {
    auto responses = dav::parse_multistatus(dav_answer(body));
    CHECK_FAULT(responses, Fault::corrupt);
    CHECK_EQUAL(responses.error().code, "caldav");
  }
  CHECK_FAULT(dav::parse_multistatus(dav_sample("hostile-entities.xml")), Fault::corrupt);
}

CALINT_TEST(a_status_that_cannot_be_read_says_nothing_against_its_resource) {
  for (const char* status : {"OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 20", "HTTP/1.1", "HTTP/1.1  200", "200 OK", ""}) {
    const auto responses = read(multistatus(std::string("<d:response><d:href>/a/</d:href><d:propstat><d:prop><d:owner/></d:prop>"
                                                        "<d:status>") +
                                            status + "</d:status></d:propstat></d:response>"));
    CHECK_EQUAL(responses.size(), 1);
    CHECK_EQUAL(responses[0].status, 200);
    CHECK(responses[0].property("{DAV:}owner") != nullptr);
  }
}

CALINT_TEST(a_status_may_be_that_of_several_resources) {
  const auto responses = read(multistatus(
      "<d:response><d:href>/a/</d:href><d:href>/b/</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>"));
  CHECK_EQUAL(responses.size(), 2);
  CHECK_EQUAL(responses[0].status, 404);
  CHECK_EQUAL(responses[1].status, 404);
  CHECK_EQUAL(responses[1].href, "/b/");
}

CALINT_TEST(hrefs_are_compared_by_their_path) {
  for (const char* href : {"/a%20b/c/", "/a b/c", "/a%20b/%63//", "https://p42-caldav.icloud.com:443/a%20b/c/"})
    CHECK_EQUAL(dav::href_key(href), "/a b/c");
  CHECK_EQUAL(dav::href_key("/"), "");
  CHECK_EQUAL(dav::href_key("https://host"), "");
  CHECK_EQUAL(dav::href_key("/99/x://host/1/principal/"), "/99/x://host/1/principal");
  CHECK_EQUAL(dav::href_key("/a%2"), "/a%2");
}
