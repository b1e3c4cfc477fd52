// What a server's refusal of a write means.
#include "provider/caldav/errors.h"

#include "caldav.h"
#include "caldav_server.h"
#include "support/check.h"

using namespace calint;
using namespace calint::test;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};

HttpResponse condition(int status, std::string_view name) {
  return {.status = status,
          .headers = {},
          .body = Secret("<?xml version='1.0'?><D:error xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><C:" +
                         std::string(name) + "/></D:error>")};
}

HttpResponse one_in_it(std::string_view status, std::string_view inside = "") {
  return multistatus("<d:response><d:href>/x</d:href><d:status>HTTP/1.1 " + std::string(status) + "</d:status>" +
                     std::string(inside) + "</d:response>");
}

// One whose own status is well, or isn't said.
HttpResponse property_of_it(std::string_view status, std::string_view inside = "") {
  return multistatus("<d:response><d:href>/x</d:href><d:propstat><d:prop><d:getetag/></d:prop><d:status>HTTP/1.1 " +
                     std::string(status) + "</d:status>" + std::string(inside) + "</d:propstat></d:response>");
}

HttpResponse throttled() { return {.status = 503, .headers = {{"retry-after", "120"}}, .body = {}}; }

}  // namespace

CALINT_TEST(refusals_of_a_write_say_what_is_to_be_done) {
  const std::string inside = caldav_text("xandikos-0.2.8-put-uid-conflict-207.xml");
  const struct {
    HttpResponse response;
    Fault fault;
  } cases[] = {
      {plain(400), Fault::bad_input},
      {plain(401), Fault::reconnect},
      {dav_exchange("icloud_401"), Fault::reconnect},
      {plain(403), Fault::forbidden},
      {condition(403, "need-privileges"), Fault::forbidden},
      {condition(403, "valid-calendar-data"), Fault::bad_input},
      {condition(403, "supported-calendar-component"), Fault::bad_input},
      {condition(403, "max-attendees-per-instance"), Fault::bad_input},
      {condition(403, "organizer-allowed"), Fault::bad_input},
      {condition(403, "no-uid-conflict"), Fault::conflict},
      {condition(403, "unique-scheduling-object-resource"), Fault::conflict},
      {condition(403, "quota-not-exceeded"), Fault::rate_limited},
      {{.status = 403, .headers = {}, .body = Secret(std::string_view("<html>no</html>"))}, Fault::forbidden},
      {plain(404), Fault::gone},
      {plain(405), Fault::forbidden},
      {plain(409), Fault::conflict},
      {plain(410), Fault::gone},
      {plain(412), Fault::conflict},
      {plain(413), Fault::bad_input},
      {plain(415), Fault::bad_input},
      {plain(421), Fault::unavailable},
      {plain(423), Fault::unavailable},
      {plain(429), Fault::rate_limited},
      {plain(500), Fault::unavailable},
      {throttled(), Fault::unavailable},
      {plain(507), Fault::rate_limited},
      {plain(304), Fault::unavailable},
      {dav_answer(inside), Fault::conflict},
      {one_in_it("412 No", "<d:error><c:valid-calendar-data/></d:error>"), Fault::bad_input},
      {one_in_it("403 No"), Fault::forbidden},
      {one_in_it("424 No"), Fault::unavailable},
      {property_of_it("503 No"), Fault::unavailable},
      {property_of_it("507 No"), Fault::rate_limited},
      {property_of_it("412 No"), Fault::conflict},
      {property_of_it("403 No", "<d:error><c:valid-calendar-data/></d:error>"), Fault::bad_input},
      // Of the property, not of the object.
      {property_of_it("404 No"), Fault::unavailable},
      {dav_answer(""), Fault::unavailable},
      {dav_answer("<html>sign in</html>"), Fault::unavailable},
      {dav_answer(inside.substr(0, inside.size() / 2)), Fault::unavailable},
      {dav_sample("hostile-entities.xml"), Fault::unavailable},
  };
  for (const auto& one : cases) {
    const auto error = caldav::write_error(one.response, kNow);
    ck_assert_msg(error.has_value(), "%d is a refusal", one.response.status);
    ck_assert_msg(error->fault == one.fault, "%d %s: %s", one.response.status,
                  std::string(one.response.body.reveal()).c_str(), std::string(to_string(error->fault)).c_str());
    CHECK_EQUAL(error->detail == Detail::refused, one.fault == Fault::reconnect);
  }
  CHECK_EQUAL(caldav::write_error(throttled(), kNow)->retry_after.count(), 120);
  for (const HttpResponse& well : {plain(200), plain(201), plain(204), multistatus(""), one_in_it("200 OK"),
                                   property_of_it("200 OK")})
    CHECK(!caldav::write_error(well, kNow).has_value());
}
