#include "page_samples.h"
#include "pages/notices.h"
#include "pages/pages.h"
#include "support/check.h"

using namespace calint;
using namespace calint::pages;
using namespace calint::test;

CALINT_TEST(every_notice_has_a_text_and_a_known_kind) {
  for (const Word<Notice>& notice : kNotices) {
    const std::string name(notice.name);
    for (const char* provider : {"Google Calendar", ""}) {
      const Banner banner = banner_of(shipped().language(), notice.value, provider);
      ck_assert_msg(banner.text.ends_with("."), "%s: %s", name.c_str(), banner.text.c_str());
      ck_assert_msg(!contains(banner.text, "{") && !contains(banner.text, "  "), "%s", banner.text.c_str());
      ck_assert_msg(banner.kind == "success" || banner.kind == "info" || banner.kind == "warning" ||
                        banner.kind == "error",
                    "%s", banner.kind.c_str());
    }
  }
}

CALINT_TEST(a_notice_names_the_provider_where_it_is_known) {
  CHECK_EQUAL(banner_of(shipped().language(), Notice::connected, "Google Calendar").text,
              "Your calendar is connected to Google Calendar.");
  CHECK_EQUAL(banner_of(shipped().language(), Notice::connected, "").text,
              "Your calendar is connected to your calendar provider.");
}

// A denied switch to Outlook isn't Google's doing.
CALINT_TEST(a_notice_of_a_failed_attempt_names_no_provider) {
  for (const Notice notice : {Notice::denied, Notice::provider_error, Notice::exchange_failed, Notice::misconfigured,
                              Notice::admin_consent_required, Notice::scope_missing, Notice::provider_unavailable})
    CHECK(!contains(banner_of(shipped().language(), notice, "Google Calendar").text, "Google"));
}

CALINT_TEST(a_provider_name_is_not_a_pattern) {
  CHECK_EQUAL(banner_of(shipped().language(), Notice::connected, "{provider}").text,
              "Your calendar is connected to {provider}.");
}

CALINT_TEST(denying_access_is_called_access_denied) {
  CHECK(contains(banner_of(shipped().language(), Notice::denied, "Google Calendar").text, "Access Denied"));
  CHECK_EQUAL(banner_of(shipped().language(), Notice::denied, "").kind, "warning");
}
