#include "provider/caldav/account.h"

#include "support/check.h"

using namespace calint;

CALINT_TEST(guests_are_invited_under_an_address_that_the_server_knows) {
  const struct {
    const char* memory;
    const char* account;
    const char* address;
  } cases[] = {
      {"https://p42.icloud.com/1/ avery@icloud.example /1/principal/ urn:uuid:1", "avery@icloud.example",
       "avery@icloud.example"},
      {"https://p42.icloud.com/1/ avery@icloud.example Avery@Home.Test", "avery@home.test", "Avery@Home.Test"},
      {"https://p42.icloud.com/1/ /1/principal/ avery@icloud.example avery@me.example", "avery@home.test",
       "avery@icloud.example"},
      {"https://p42.icloud.com/1/ /1/principal/", "avery@icloud.example", "avery@icloud.example"},
      {"", "avery@icloud.example", "avery@icloud.example"},
      {"http://127.0.0.1:1/ivy/ /ivy/", "ivy", ""},
      {"", "", ""},
  };
  for (const auto& one : cases)
    CHECK_EQUAL(caldav::organizer_of(caldav::parse_known_account(one.memory), one.account), one.address);
}

CALINT_TEST(a_calendar_is_where_the_account_s_first_home_is) {
  const Url entry = parse_url("https://caldav.icloud.com/").value();
  const auto url = [&](const char* memory, const char* id) {
    auto found = caldav::calendar_url(caldav::parse_known_account(memory), entry, id);
    return found ? found->text() : "";
  };
  CHECK_EQUAL(url("https://p42.icloud.com/1/ https://p43.icloud.com/2/", "/1/team/"), "https://p42.icloud.com/1/team/");
  CHECK_EQUAL(url("https://p42.icloud.com/1/", "https://p43.icloud.com/2/x/"), "https://p43.icloud.com/2/x/");
  CHECK_EQUAL(url("", "/1/team/"), "https://caldav.icloud.com/1/team/");
  CHECK_EQUAL(url("", ""), "");
}
