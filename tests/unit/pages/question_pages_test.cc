#include "page_samples.h"
#include "support/check.h"

using namespace calint::pages;
using namespace calint::test;

CALINT_TEST(disconnecting_asks_first_and_says_what_is_lost) {
  std::string html = shipped().disconnect(disconnect_page());
  CHECK(contains(html, "<h1>Disconnect Google Calendar?</h1>"));
  CHECK(contains(html, "john.smith@company.com"));
  CHECK(contains(html, "Google Calendar is asked to withdraw the access."));
  CHECK(contains(html, "<form method=\"post\" action=\"/settings/calendar/disconnect\">"));
  CHECK(contains(html, "name=\"csrf\" value=\"csrf-value\""));
  CHECK(contains(html, "name=\"integration\" value=\"42\""));
  CHECK(contains(html, "name=\"generation\" value=\"7\""));
  CHECK(contains(html, "name=\"action\" value=\"disconnect\""));
  CHECK(contains(html, "<a class=\"button\" href=\"/settings/calendar\">"));
}

CALINT_TEST(before_a_connection_ends_it_is_said_how_many_interviews_stay) {
  DisconnectPage page = disconnect_page();
  SwitchPage other = switch_page();
  CHECK(!contains(shipped().disconnect(page), "upcoming") && !contains(shipped().switch_question(other), "upcoming"));
  page.interviews = 1;
  other.interviews = 12;
  CHECK(contains(shipped().disconnect(page), "<li>One upcoming interview stays in this calendar"));
  CHECK(contains(shipped().switch_question(other), "<p>12 upcoming interviews stay in this calendar"));
}

CALINT_TEST(a_provider_that_cannot_revoke_leaves_links_to_do_it_by_hand) {
  DisconnectPage page = disconnect_page();
  page.revokes = false;
  page.withdraw_pages = {{"https://account.example/consent", "Personal account"},
                         {"https://apps.example/", "Work account"}};
  std::string html = shipped().disconnect(page);
  CHECK(contains(html, "The access can't be withdrawn from here"));
  CHECK(contains(html, "href=\"https://account.example/consent\""));
  CHECK(contains(html, "Personal account (opens a new tab)"));
  CHECK(contains(html, "href=\"https://apps.example/\""));
  CHECK(!contains(html, "is asked to withdraw"));
}

CALINT_TEST(the_switch_question_names_what_will_be_disconnected) {
  std::string html = shipped().switch_question(switch_page());
  CHECK(contains(html, "<h1>Switch to Microsoft Outlook?</h1>"));
  CHECK(contains(html, "Your connection changed while you were at Microsoft."));
  CHECK(contains(html, "<strong>Google Calendar</strong> (<bdi>john.smith@company.com</bdi>)"));
  CHECK(contains(html, "<form method=\"post\" action=\"/calendar/auth/outlook\" target=\"_top\">"));
  CHECK(contains(html, "name=\"csrf\" value=\"csrf-value\""));
  CHECK(contains(html, "name=\"return_to\" value=\"/interviews?week=48&amp;view=all\""));
  CHECK(contains(html, "name=\"action\" value=\"switch\""));
  CHECK(contains(html, "name=\"integration\" value=\"42\""));
  CHECK(contains(html, "name=\"generation\" value=\"7\""));
  CHECK(contains(html, ">Keep Google Calendar</a>"));
}

CALINT_TEST(a_switch_to_another_account_of_the_same_provider_says_so) {
  SwitchPage page = switch_page();
  page.to_provider_id = "google";
  page.to_provider_name = "Google Calendar";
  CHECK(contains(shipped().switch_question(page), "<h1>Switch to another Google Calendar account?</h1>"));
}

CALINT_TEST(with_nothing_connected_the_switch_question_is_a_plain_start) {
  SwitchPage page = switch_page();
  page.from_provider_name.clear();
  page.from_account.clear();
  page.return_to.clear();
  std::string html = shipped().switch_question(page);
  CHECK(contains(html, "<h1>Connect Microsoft Outlook?</h1>"));
  CHECK(contains(html, "No calendar is connected now."));
  CHECK(contains(html, "name=\"action\" value=\"connect\""));
  CHECK(contains(html, ">Cancel</a>"));
  CHECK(!contains(html, "return_to"));
  CHECK(!contains(html, "will be disconnected"));
}

CALINT_TEST(the_credentials_page_tells_how_to_make_the_password_and_asks_for_it) {
  std::string html = shipped().credentials(credentials_page());
  CHECK(contains(html, "<h1>Connect Apple Calendar</h1>"));
  CHECK(contains(html, "href=\"https://account.example/\""));
  CHECK(contains(html, "<strong>Interviews (ats.example.com)</strong>"));
  CHECK(contains(html, "<form class=\"card\" method=\"post\" action=\"/calendar/auth/apple\">"));
  CHECK(contains(html, "name=\"csrf\" value=\"csrf-value\""));
  CHECK(contains(html, "name=\"action\" value=\"connect\""));
  CHECK(contains(html, "name=\"return_to\" value=\"/interviews?week=48&amp;view=all\""));
  CHECK(contains(html, "<label for=\"apple_id\">Apple ID</label>"));
  CHECK(contains(html, "<label for=\"app_password\">App-specific password</label>"));
  CHECK_EQUAL(count(html, "autofocus"), 1);
  CHECK(!contains(html, "aria-invalid"));
}

CALINT_TEST(refused_credentials_keep_the_account_and_ask_for_the_password_again) {
  CredentialsPage page = credentials_page();
  page.account = "john+\"cal\"@icloud.example";
  page.password_error = "Apple refused this Apple ID with this password.";
  page.reconnects = true;
  std::string html = shipped().credentials(page);
  CHECK(contains(html, "<h1>Reconnect Apple Calendar</h1>"));
  CHECK(contains(html, "value=\"john+&quot;cal&quot;@icloud.example\""));
  CHECK(contains(html, "aria-describedby=\"app_password_help app_password_error\" aria-invalid=\"true\" autofocus>"));
  CHECK_EQUAL(count(html, "aria-invalid"), 1);
}

CALINT_TEST(a_password_that_replaces_a_connection_names_it) {
  CredentialsPage page = credentials_page();
  page.replaces_provider = "Google Calendar";
  page.replaces_account = "john.smith@company.com";
  page.integration_id = "42";
  page.generation = "7";
  std::string html = shipped().credentials(page);
  CHECK(contains(html, "<strong>Google Calendar</strong> (<bdi>john.smith@company.com</bdi>) will be disconnected."));
  CHECK(contains(html, "name=\"action\" value=\"switch\""));
  CHECK(contains(html, "name=\"integration\" value=\"42\""));
  CHECK(contains(html, "name=\"generation\" value=\"7\""));
}

CALINT_TEST(a_message_says_what_happened_and_where_to_go) {
  std::string html = shipped().message(message_page());
  CHECK(contains(html, "<title>Please try again in a moment - Calendar Integration</title>"));
  CHECK(contains(html, "<h1>Please try again in a moment</h1>"));
  CHECK(contains(html, "<code>Zx81-Request</code>"));
  CHECK(contains(html, "href=\"/settings/calendar\">Back to your calendar</a>"));
  CHECK(contains(html, "<meta http-equiv=\"refresh\" content=\"5\">"));
  CHECK(contains(html, "tries again by itself in 5 seconds"));
}

CALINT_TEST(a_message_reloads_itself_only_where_that_is_asked) {
  for (int seconds : {0, -1}) {
    MessagePage page = message_page();
    page.reload_after = seconds;
    std::string html = shipped().message(page);
    CHECK(!contains(html, "refresh"));
    CHECK(!contains(html, "by itself"));
  }
  MessagePage page = message_page();
  page.reload_after = 1;
  CHECK(contains(shipped().message(page), "in 1 second."));
}
