#include "page_samples.h"
#include "pages/pages.h"
#include "support/check.h"

using namespace calint::pages;
using namespace calint::test;

namespace {

constexpr const char* kNames[] = {
    "connected", "reconnected", "switched", "disconnected", "denied", "provider_error", "exchange_failed",
    "misconfigured", "admin_consent_required", "scope_missing", "validation_failed", "provider_unavailable", "rate_limited", "saved",
    "sync_started"};

}  // namespace

CALINT_TEST(every_notice_has_a_text_and_a_known_kind) {
  for (const char* name : kNames) {
    for (const char* provider : {"Google Calendar", ""}) {
      auto notice = notice_for(name, provider);
      ck_assert_msg(notice.has_value(), "%s", name);
      ck_assert_msg(notice->text.ends_with("."), "%s: %s", name, notice->text.c_str());
      ck_assert_msg(!contains(notice->text, "{") && !contains(notice->text, "  "), "%s", notice->text.c_str());
      ck_assert_msg(notice->kind == "success" || notice->kind == "info" || notice->kind == "warning" ||
                        notice->kind == "error",
                    "%s", notice->kind.c_str());
    }
  }
}

CALINT_TEST(a_notice_names_the_provider_where_it_is_known) {
  CHECK_EQUAL(notice_for("connected", "Google Calendar")->text, "Your calendar is connected to Google Calendar.");
  CHECK_EQUAL(notice_for("connected", "")->text, "Your calendar is connected to your calendar provider.");
}

// A denied switch to Outlook isn't Google's doing.
CALINT_TEST(a_notice_of_a_failed_attempt_names_no_provider) {
  for (const char* name : {"denied", "provider_error", "exchange_failed", "misconfigured", "admin_consent_required",
                           "scope_missing", "provider_unavailable"})
    CHECK(!contains(notice_for(name, "Google Calendar")->text, "Google"));
}

CALINT_TEST(a_provider_name_is_not_a_pattern) {
  CHECK_EQUAL(notice_for("connected", "{provider}")->text, "Your calendar is connected to {provider}.");
}

CALINT_TEST(denying_access_is_called_access_denied) {
  CHECK(contains(notice_for("denied", "Google Calendar")->text, "Access Denied"));
  CHECK_EQUAL(notice_for("denied", "")->kind, "warning");
}

CALINT_TEST(unknown_notices_are_ignored) {
  for (const char* name : {"", "Connected", "connected ", "<script>", "unknown"})
    CHECK(!notice_for(name, "Google Calendar"));
}
