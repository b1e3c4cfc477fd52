#include "api/routes.h"

#include "support/check.h"

using namespace calint;
using namespace calint::api;

CALINT_TEST(an_address_has_one_segment_for_an_id) {
  CHECK_EQUAL(find_route("/users/17/integration", "GET").id, "17");
  CHECK_EQUAL(find_route("/users/a b/integration", "HEAD").id, "a b");
  for (const char* path : {"/users//integration", "/users/1/2/integration", "/users/integration",
                           "/users/1/integration/", "users/1/integration",
                           "/USERS/1/integration"})
    CHECK(find_route(path, "GET").allow.empty());
}

CALINT_TEST(a_method_that_is_not_there_is_answered_with_those_that_are) {
  const Match match = find_route("/availability", "DELETE");
  CHECK(match.route == nullptr);
  CHECK_EQUAL(match.allow, "OPTIONS, GET, HEAD, POST");
}

CALINT_TEST(what_can_be_no_id_is_no_address) {
  for (const std::string& id : {std::string("\xff"), std::string("\xc3("), std::string("\xed\xa0\x80"),
                                std::string("a\x01"), std::string("\x7f"), std::string("a\0", 2),
                                std::string(256, 'x')})
    for (const std::string& path : {"/users/" + id + "/integration", "/holds/" + id})
      CHECK(find_route(path, "GET").allow.empty());
  for (const std::string& id : {std::string("J\u00fcrgen"), std::string(255, 'x')})
    CHECK_EQUAL(find_route("/users/" + id + "/integration", "GET").id, id);
}
