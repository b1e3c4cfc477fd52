#include "net/transport.h"

#include "support/check.h"

using namespace calint;
using namespace std::chrono_literals;

namespace {

// Mon, 02 Feb 2026 10:00:00 GMT
constexpr Instant kNow{1770026400s};

HttpResponse with(std::string name, std::string value) {
  return HttpResponse{.status = 200, .headers = {{std::move(name), std::move(value)}}, .body = {}};
}

std::chrono::seconds wait_of(const char* value) { return with("retry-after", value).retry_after(kNow); }

}  // namespace

CALINT_TEST(the_first_header_of_a_name_counts) {
  const HttpResponse response{.status = 200, .headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}}, .body = {}};
  CHECK_EQUAL(response.header("a"), "1");
  CHECK_EQUAL(response.header("b"), "2");
  CHECK_EQUAL(response.header("c"), "");
}

CALINT_TEST(retry_after_is_read_as_seconds) {
  CHECK_EQUAL(wait_of("120"), 120s);
  CHECK_EQUAL(wait_of(" 7 "), 7s);
  CHECK_EQUAL(wait_of("0"), 0s);
}

CALINT_TEST(retry_after_is_read_as_a_date) {
  CHECK_EQUAL(wait_of("Mon, 02 Feb 2026 10:00:30 GMT"), 30s);
  CHECK_EQUAL(wait_of("Mon, 02 Feb 2026 09:00:00 GMT"), 0s);
}

CALINT_TEST(retry_after_is_at_most_a_day) {
  CHECK_EQUAL(wait_of("86401"), 24h);
  CHECK_EQUAL(wait_of("99999999999999999999999999"), 24h);
  CHECK_EQUAL(wait_of("Fri, 31 Dec 9999 23:59:59 GMT"), 24h);
}

CALINT_TEST(an_unusable_retry_after_counts_as_absent) {
  for (const char* value : {"", "soon", "-5", "1.5", "12 apples", "0x10"}) {
    ck_assert_msg(wait_of(value) == 0s, "%s", value);
  }
  CHECK_EQUAL(HttpResponse{}.retry_after(kNow), 0s);
}

CALINT_TEST(a_media_type_has_no_parameters_and_is_in_lower_case) {
  CHECK_EQUAL(with("content-type", "Application/JSON; charset=UTF-8").media_type(), "application/json");
  CHECK_EQUAL(with("content-type", "text/html").media_type(), "text/html");
  CHECK_EQUAL(with("content-type", " text/html ;x").media_type(), "text/html");
  CHECK_EQUAL(HttpResponse{}.media_type(), "");
}

CALINT_TEST(the_date_of_an_answer_is_read) {
  CHECK(with("date", "Mon, 02 Feb 2026 10:00:00 GMT").date() == kNow);
  for (const char* value : {"", "soon"}) CHECK(!with("date", value).date().has_value());
  CHECK(!HttpResponse{}.date().has_value());
}
