#include "page_samples.h"
#include "support/check.h"

using namespace calint::pages;
using namespace calint::test;

CALINT_TEST(the_organisations_page_says_which_client_each_provider_uses) {
  const std::string html = shipped().organization(organization_page());
  CHECK(contains(html, "Signed in as <bdi>Ada Admin</bdi> (<bdi>ada</bdi>)"));
  CHECK(contains(html, "<dd>this server's client</dd>"));
  CHECK(contains(html, "<dd>your organisation's client</dd>"));
  CHECK(contains(html, "<code>0000-own</code>"));
  CHECK(contains(html, "3, since 24 November 2026, 14:05 UTC"));
  CHECK(contains(html, "<code>https://ats.example.com/calendar/auth/google/callback</code>"));
  CHECK(contains(html, "1 person is connected through this client."));
  CHECK(contains(html, "12 people are connected through this client."));
  CHECK(contains(html, "1 person is connected through another client."));
}

CALINT_TEST(only_an_own_client_can_be_removed_and_only_outlooks_has_a_tenant) {
  const std::string html = shipped().organization(organization_page());
  CHECK_EQUAL(count(html, "name=\"action\" value=\"save\""), 2);
  CHECK_EQUAL(count(html, "name=\"action\" value=\"remove\""), 1);
  CHECK_EQUAL(count(html, "name=\"tenant\""), 1);
  CHECK(contains(html, "name=\"version\" value=\"3\""));
}

CALINT_TEST(a_secret_field_is_always_empty_and_of_the_type_password) {
  const std::string html = shipped().organization(organization_page());
  CHECK_EQUAL(count(html, "name=\"client_secret\" type=\"password\" value=\"\""), 2);
}

CALINT_TEST(a_refused_field_says_why_and_is_tied_to_its_explanation) {
  OrganizationPage page = organization_page();
  page.clients[1].tenant_error = "Enter a tenant.";
  const std::string html = shipped().organization(page);
  CHECK(contains(html, "aria-describedby=\"outlook-tenant-hint outlook-tenant-error\" aria-invalid=\"true\""));
  CHECK(contains(html, "id=\"outlook-tenant-error\">Enter a tenant.</p>"));
  CHECK_EQUAL(count(html, "aria-invalid"), 1);
}

CALINT_TEST(where_nothing_can_be_changed_there_is_no_form) {
  OrganizationPage page = organization_page();
  page.clients[0].editable = false;
  page.clients[1].available = false;
  const std::string html = shipped().organization(page);
  CHECK(!contains(html, "<form"));
  CHECK(contains(html, "its client is set up on the server"));
  CHECK(contains(html, "This server isn't set up for Microsoft Outlook."));
}

CALINT_TEST(the_rules_are_a_form_with_what_is_set) {
  OrganizationPage page = organization_page();
  CHECK(!contains(shipped().organization(page), "name=\"seen\""));
  page.rules = organization_rules();
  std::string html = shipped().organization(page);
  CHECK(contains(html, "name=\"seen\" value=\"mark\""));
  CHECK(contains(html, "<label for=\"rules-mon\">Monday</label>\n<input id=\"rules-mon\" name=\"mon\" value=\"09:00-12:30\""));
  CHECK(contains(html, "name=\"tue\" value=\"\""));
  CHECK_EQUAL(count(html, "<option value=\"free\" selected>"), 1);
  CHECK_EQUAL(count(html, " selected>"), 1);
  CHECK(contains(html, "with calintctl"));
  CHECK(!contains(html, "aria-invalid"));
  page.rules->days[1].error = "Write times.";
  html = shipped().organization(page);
  CHECK(contains(html, "aria-invalid=\"true\" aria-describedby=\"rules-tue-error\""));
  CHECK(contains(html, "id=\"rules-tue-error\">Write times.</p>"));
  CHECK_EQUAL(count(html, "aria-invalid"), 1);
}
