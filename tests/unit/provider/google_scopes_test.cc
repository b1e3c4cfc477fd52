#include "provider/google/scopes.h"

#include "support/check.h"

using namespace calint::google;

namespace {

const std::string kPrefix = "https://www.googleapis.com/auth/";

std::set<std::string> all() {
  return {"openid", kPrefix + "userinfo.email", kPrefix + "calendar.calendarlist.readonly",
          kPrefix + "calendar.freebusy", kPrefix + "calendar.events"};
}

}  // namespace

CALINT_TEST(nothing_is_missing_where_all_was_granted) {
  CHECK(missing_scopes(all()).empty());
  std::set<std::string> more = all();
  more.insert({"email", kPrefix + "userinfo.profile", kPrefix + "drive"});
  CHECK(missing_scopes(more).empty());
}

CALINT_TEST(what_was_left_unticked_is_missing) {
  std::set<std::string> granted = all();
  granted.erase(kPrefix + "calendar.events");
  CHECK_EQUAL(missing_scopes(granted), std::vector<std::string>{kPrefix + "calendar.events"});
  CHECK((missing_scopes({"openid", "email"}) ==
         std::vector<std::string>{kPrefix + "calendar.calendarlist.readonly", kPrefix + "calendar.freebusy",
                                  kPrefix + "calendar.events"}));
}

CALINT_TEST(an_answer_without_scope_granted_what_was_asked) { CHECK(missing_scopes({}).empty()); }

CALINT_TEST(sign_in_scopes_have_one_spelling) {
  CHECK((normalised_scopes({kPrefix + "userinfo.email", "email", kPrefix + "userinfo.profile", "openid"}) ==
         std::set<std::string>{"email", "openid", "profile"}));
}
