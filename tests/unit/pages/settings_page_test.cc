#include "page_samples.h"
#include "support/check.h"

using namespace calint::pages;
using namespace calint::test;

CALINT_TEST(only_available_providers_are_offered) {
  std::string html = shipped().settings(not_connected_page());
  CHECK(contains(html, "<title>Not connected - Calendar Integration</title>"));
  CHECK(contains(html, "href=\"/calendar/auth/google\" target=\"_top\">Connect<span class=\"unseen\"> Google"));
  CHECK(contains(html, "> Microsoft Outlook</span>"));
  CHECK(!contains(html, "Apple"));
  CHECK(!contains(html, "Disconnect"));
}

CALINT_TEST(without_a_provider_the_page_says_whom_to_ask) {
  SettingsPage page = not_connected_page();
  for (ProviderCard& card : page.providers) card.available = false;
  std::string html = shipped().settings(page);
  CHECK(contains(html, "Ask your system administrator"));
  CHECK(!contains(html, "class=\"providers\""));
}

CALINT_TEST(a_healthy_connection_shows_account_status_sync_and_calendars) {
  std::string html = shipped().settings(connected_page());
  CHECK(contains(html, "<title>Connected to Google Calendar - Calendar Integration</title>"));
  CHECK(contains(html, "<h2 id=\"connection\">Connected to Google Calendar</h2>"));
  CHECK(contains(html, "<bdi>john.smith@company.com</bdi>"));
  CHECK(contains(html, "<time datetime=\"2026-11-24T13:05:00Z\">5 minutes ago</time>"));
  CHECK(!contains(html, "Synced"));
  CHECK_EQUAL(count(html, ">Primary</span>"), 1);
  CHECK_EQUAL(count(html, "class=\"dot\""), 2);
  CHECK_EQUAL(count(html, "Shared with you, availability only"), 1);
  CHECK(contains(html, "href=\"/settings/calendar/disconnect\">Disconnect<span class=\"unseen\"> Google"));
  CHECK_EQUAL(count(html, ">Reconnect<"), 1);
  CHECK(!contains(html, "role=\"alert\""));
  CHECK(!contains(html, "Retry"));
}

CALINT_TEST(every_calendar_has_a_box_and_one_that_is_gone_cannot_be_ticked) {
  SettingsPage page = connected_page();
  std::string html = shipped().settings(page);
  CHECK(contains(html, "name=\"action\" value=\"calendars\""));
  CHECK_EQUAL(count(html, "type=\"checkbox\" name=\"calendar\""), 4);
  for (const char* box : {"value=\"c1\" checked>", "value=\"c2\" checked>", "value=\"c3\">", "value=\"c4\" disabled>"})
    ck_assert_msg(contains(html, box), "%s", box);
  CHECK_EQUAL(count(html, ">Shared</span>"), 1);
  CHECK(!contains(html, "nothing is synced"));
  page.connected->calendars[3].checked = true;
  CHECK(contains(shipped().settings(page), "value=\"c4\" checked>"));
}

CALINT_TEST(a_list_that_was_cut_says_so) {
  SettingsPage page = connected_page();
  CHECK(!contains(shipped().settings(page), "more calendars than"));
  page.connected->is_cut = true;
  CHECK(contains(shipped().settings(page), "This account has more calendars than can be shown here"));
}

CALINT_TEST(with_no_box_ticked_the_page_says_what_that_means) {
  CHECK(contains(shipped().settings(choose_again_page()), "No calendar is ticked: nothing is synced"));
}

CALINT_TEST(interviews_go_to_one_of_the_calendars_that_can_be_written_to) {
  std::string html = shipped().settings(connected_page());
  CHECK(contains(html, "name=\"action\" value=\"destination\""));
  CHECK_EQUAL(count(html, "<option"), 2);
  CHECK(contains(html, "<option value=\"c1\">john.smith@company.com</option>"));
  CHECK(contains(html, "<option value=\"c2\" selected>Work</option>"));

  html = shipped().settings(choose_again_page());
  CHECK(contains(html, "Interviews were written to Trips, which is no longer in this account. Choose the calendar"));
  CHECK(contains(html, "<option value=\"\">Choose a calendar</option>"));
  CHECK(!contains(html, " selected"));

  SettingsPage page = choose_again_page();
  for (CalendarRow& calendar : page.connected->calendars) calendar.writable = false;
  html = shipped().settings(page);
  CHECK(contains(html, "None of these calendars can be written to."));
  CHECK(!contains(html, "<select") && !contains(html, "Save destination"));
}

CALINT_TEST(the_list_can_be_read_again_unless_the_connection_has_expired) {
  std::string html = shipped().settings(connected_page());
  CHECK(contains(html, "name=\"action\" value=\"refresh_calendars\""));
  CHECK(contains(html, "Read <time datetime=\"2026-11-24T11:10:00Z\">2 hours ago</time>"));
  CHECK(!contains(shipped().settings(failing_page()), ">Read "));
  CHECK(!contains(shipped().settings(expired_page()), "Refresh list"));
}

CALINT_TEST(the_page_says_what_becomes_of_an_old_list_and_leads_back_to_itself) {
  CHECK(!contains(shipped().settings(connected_page()), "The list of your calendars"));
  SettingsPage page = reading_page();
  std::string html = shipped().settings(page);
  CHECK(contains(html, "The list of your calendars is being read. Until it is there, this is what was read before."));
  CHECK(contains(html, "<a href=\"/settings/calendar?return_to=%2Fjobs\">Look again</a>"));
  CHECK(contains(html, "Refresh list") && !contains(html, "http-equiv"));
  page.connected->calendars.clear();
  CHECK(!contains(shipped().settings(page), "what was read before"));
  for (const auto& [reading, said] : {std::pair(ListReading::elsewhere, "of which this server does none"),
                                      std::pair(ListReading::later, "could not be read again yet")}) {
    page.connected->reading = reading;
    html = shipped().settings(page);
    CHECK(contains(html, said) && !contains(html, "being read") && !contains(html, "Look again"));
  }
}

CALINT_TEST(once_connected_the_other_providers_are_offered_to_switch_to) {
  std::string html = shipped().settings(connected_page());
  CHECK(contains(html, ">Switch to Microsoft Outlook</a>"));
  CHECK(!contains(html, "Switch to Google Calendar"));
  CHECK(!contains(html, "Switch to Apple Calendar"));
  SettingsPage alone = connected_page();
  alone.providers.resize(1);
  CHECK(!contains(shipped().settings(alone), "Use another calendar"));
}

CALINT_TEST(an_expired_connection_is_mended_by_one_reconnect_button) {
  std::string html = shipped().settings(expired_page());
  CHECK(contains(html, "<title>Connection to Google Calendar has expired - Calendar Integration</title>"));
  CHECK(contains(html, "role=\"alert\""));
  CHECK(contains(html, "Since 24 November 2026, 14:05 (Europe/Berlin)"));
  CHECK_EQUAL(count(html, ">Reconnect<"), 1);
  CHECK(html.find(">Reconnect<") < html.find("id=\"connection\""));
  CHECK(!contains(html, "Retry"));
}

CALINT_TEST(a_failing_connection_is_mended_by_one_retry_button) {
  std::string html = shipped().settings(failing_page());
  CHECK(contains(html, "<form method=\"post\" action=\"/settings/calendar\">"));
  CHECK(contains(html, "name=\"csrf\" value=\"csrf-value\""));
  CHECK(contains(html, "name=\"integration\" value=\"42\""));
  CHECK(contains(html, "name=\"generation\" value=\"7\""));
  CHECK(contains(html, "name=\"action\" value=\"retry\""));
  CHECK_EQUAL(count(html, ">Retry</button>"), 1);
  CHECK_EQUAL(count(html, ">Reconnect<"), 1);
  CHECK(contains(html, "<dd>not yet</dd>"));
  CHECK(contains(html, "have not been read yet"));
}

CALINT_TEST(an_account_without_calendars_is_told_from_one_that_was_not_read) {
  SettingsPage page = connected_page();
  page.connected->calendars.clear();
  std::string html = shipped().settings(page);
  CHECK(contains(html, "This account has no calendars."));
  CHECK(!contains(html, "have not been read yet"));
}

CALINT_TEST(where_both_would_mend_it_the_banner_offers_the_retry) {
  SettingsPage page = failing_page();
  page.connected->trouble->offer_reconnect = true;
  std::string html = shipped().settings(page);
  CHECK_EQUAL(count(html, ">Retry</button>"), 1);
  CHECK_EQUAL(count(html, ">Reconnect<"), 1);
  CHECK(html.find(">Reconnect<") > html.find("id=\"connection\""));
}

CALINT_TEST(a_pending_revocation_can_be_retried_or_done_by_hand) {
  std::string html = shipped().settings(pending_page());
  CHECK(contains(html, "Google Calendar hasn't confirmed yet that the access was withdrawn"));
  CHECK(contains(html, "name=\"job\" value=\"99\""));
  CHECK(contains(html, "name=\"action\" value=\"retry\""));
  CHECK(contains(html, "href=\"https://accounts.example/permissions\" target=\"_blank\" rel=\"noopener noreferrer\""));
  SettingsPage page = pending_page();
  page.pending_revocation->withdraw_pages.clear();
  CHECK(!contains(shipped().settings(page), "withdraw the access yourself"));
}

CALINT_TEST(notices_are_announced_by_their_weight) {
  SettingsPage page = not_connected_page();
  for (auto [kind, role] :
       {std::pair{"success", "status"}, {"info", "status"}, {"warning", "alert"}, {"error", "alert"}}) {
    page.notice = Banner{.kind = kind, .text = "Hello"};
    std::string banner = std::string("class=\"banner banner-") + kind + "\" role=\"" + role + "\"";
    ck_assert_msg(contains(shipped().settings(page), banner), "%s", banner.c_str());
  }
}

CALINT_TEST(interviews_that_stay_in_a_former_calendar_are_listed) {
  CHECK(!contains(shipped().settings(connected_page()), "that was disconnected"));
  SettingsPage page = stranded_page();
  std::string html = shipped().settings(page);
  CHECK(contains(html, "<h2 id=\"stranded\">Interviews in a calendar that was disconnected</h2>"));
  CHECK(contains(html, "They stay in that calendar"));
  CHECK(contains(html, "<bdi>Interview: Jane Doe</bdi> <span class=\"minor detail\"><time "
                       "datetime=\"2026-11-24T13:05:00Z\">24 November 2026, 14:05 (Europe/Berlin)</time>, in Microsoft "
                       "Outlook</span>"));
  CHECK(contains(html, "<bdi>Interview: John Roe</bdi> <span class=\"tag\">Cancelled</span>"));
  CHECK_EQUAL(count(html, ">Cancelled<"), 1);
  CHECK(contains(html, "One more such interview isn&apos;t listed here."));
  page.connected.reset();
  page.more_stranded = 0;
  html = shipped().settings(page);
  CHECK(contains(html, "Interview: Jane Doe") && !contains(html, "more such interview"));
}
