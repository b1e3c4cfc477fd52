#include "provider/caldav/hosts.h"

#include "support/check.h"

using namespace calint;

namespace {

bool may(const char* target, const char* entry, const std::vector<std::string>& patterns) {
  return caldav::may_get_password(parse_url(target).value(), parse_url(entry).value(), patterns);
}

const std::vector<std::string> kICloud = {"*.icloud.com"};

}  // namespace

CALINT_TEST(icloud_and_its_hosts_may_get_the_password) {
  for (const char* target : {"https://caldav.icloud.com/", "https://p42-caldav.icloud.com:443/1/",
                             "https://P42.ICLOUD.COM/", "https://a.b.icloud.com/"})
    ck_assert_msg(may(target, "https://caldav.icloud.com/", kICloud), "%s", target);
}

CALINT_TEST(nobody_else_may) {
  for (const char* target :
       {"https://icloud.com/", "https://evilicloud.com/", "https://icloud.com.evil.example/",
        "https://p42.icloud.com.cn/", "https://p42.icloud.com./", "https://127.0.0.1/", "https://[::1]/",
        "http://p42-caldav.icloud.com/", "http://caldav.icloud.com/", "http://localhost/"})
    ck_assert_msg(!may(target, "https://caldav.icloud.com/", kICloud), "%s", target);
}

CALINT_TEST(a_pattern_without_a_star_names_one_host) {
  const std::vector<std::string> one = {"caldav.example.com"};
  CHECK(may("https://caldav.example.com:8443/", "https://other.example/", one));
  CHECK(!may("https://a.caldav.example.com/", "https://other.example/", one));
  CHECK(may("https://other.example/", "https://other.example/", {}));
  CHECK(!may("https://other.example:8443/", "https://other.example/", {}));
}

CALINT_TEST(plain_http_stays_on_this_machine_and_is_allowed_where_it_began_there) {
  const std::vector<std::string> local = {"localhost", "127.0.0.1", "plain.example"};
  CHECK(may("http://127.0.0.1:8000/", "http://127.0.0.1:8000/", {}));
  CHECK(may("http://localhost:8001/", "http://127.0.0.1:8000/", local));
  CHECK(may("https://localhost:8001/", "http://127.0.0.1:8000/", local));
  CHECK(!may("http://127.0.0.1:8001/", "http://127.0.0.1:8000/", {}));
  CHECK(!may("http://localhost:8001/", "https://caldav.example/", local));
  CHECK(!may("http://plain.example/", "http://127.0.0.1:8000/", local));
}
