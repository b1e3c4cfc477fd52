#include <fmt/format.h>

#include <functional>

#include "page_samples.h"
#include "support/check.h"

using namespace calint::pages;
using namespace calint::test;

namespace {

const std::string kHostile = R"("><script>alert('x')</script>&{{csrf}}{{{csrf}}}{{> head}}{{#notice}})";
const std::string kHostileEscaped =
    "&quot;&gt;&lt;script&gt;alert(&apos;x&apos;)&lt;/script&gt;&amp;{{csrf}}{{{csrf}}}{{&gt; head}}{{#notice}}";

// Sets one field after another to a hostile text and looks at what the page makes of it.
template <typename Page>
void check_fields(const std::function<Page()>& sample, const std::function<std::string(const Page&)>& render,
                  const std::vector<std::function<std::string&(Page&)>>& fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    Page page = sample();
    fields[i](page) = kHostile;
    std::string html = render(page);
    ck_assert_msg(contains(html, kHostileEscaped), "field %zu isn't shown as it is", i);
    ck_assert_msg(!contains(html, kHostile) && !contains(html, "<script") && !contains(html, "alert('"),
                  "field %zu isn't escaped", i);
    ck_assert_msg(count(html, "<h1>") == 1, "field %zu was taken for a template", i);
  }
}

std::string settings_html(const SettingsPage& page) { return shipped().settings(page); }

}  // namespace

CALINT_TEST(the_settings_page_escapes_every_field_before_a_connection) {
  check_fields<SettingsPage>(
      pending_page, settings_html,
      {[](SettingsPage& page) -> std::string& { return page.user_name; },
       [](SettingsPage& page) -> std::string& { return page.user_login; },
       [](SettingsPage& page) -> std::string& { return page.csrf; },
       [](SettingsPage& page) -> std::string& { return page.notice->text; },
       [](SettingsPage& page) -> std::string& { return page.providers[0].name; },
       [](SettingsPage& page) -> std::string& { return page.providers[0].connect_url; },
       [](SettingsPage& page) -> std::string& { return page.pending_revocation->provider_name; },
       [](SettingsPage& page) -> std::string& { return page.pending_revocation->withdraw_pages[0].url; },
       [](SettingsPage& page) -> std::string& { return page.pending_revocation->job_id; }});
}

CALINT_TEST(the_settings_page_escapes_every_field_of_a_connection) {
  check_fields<SettingsPage>(connected_page, settings_html,
                             {[](SettingsPage& page) -> std::string& { return page.connected->provider_name; },
                              [](SettingsPage& page) -> std::string& { return page.connected->account; },
                              [](SettingsPage& page) -> std::string& { return page.connected->status_text; },
                              [](SettingsPage& page) -> std::string& { return page.connected->connected_at; },
                              [](SettingsPage& page) -> std::string& { return page.connected->last_synced; },
                              [](SettingsPage& page) -> std::string& { return page.connected->last_synced_iso; },
                              [](SettingsPage& page) -> std::string& { return page.connected->reconnect_url; },
                              [](SettingsPage& page) -> std::string& { return page.connected->disconnect_url; },
                              [](SettingsPage& page) -> std::string& { return page.connected->calendars[0].name; },
                              [](SettingsPage& page) -> std::string& { return page.connected->calendars[0].detail; }});
}

CALINT_TEST(the_settings_page_escapes_every_field_of_a_trouble) {
  check_fields<SettingsPage>(failing_page, settings_html,
                             {[](SettingsPage& page) -> std::string& { return page.csrf; },
                              [](SettingsPage& page) -> std::string& { return page.connected->integration_id; },
                              [](SettingsPage& page) -> std::string& { return page.connected->generation; },
                              [](SettingsPage& page) -> std::string& { return page.connected->trouble->text; },
                              [](SettingsPage& page) -> std::string& { return page.connected->trouble->since; }});
}

CALINT_TEST(the_disconnect_page_escapes_every_field) {
  check_fields<DisconnectPage>(
      [] {
        DisconnectPage page = disconnect_page();
        page.revokes = false;
        page.withdraw_pages = {{"https://account.example/", "Account"}};
        return page;
      },
      [](const DisconnectPage& page) { return shipped().disconnect(page); },
      {[](DisconnectPage& page) -> std::string& { return page.user_name; },
       [](DisconnectPage& page) -> std::string& { return page.user_login; },
       [](DisconnectPage& page) -> std::string& { return page.csrf; },
       [](DisconnectPage& page) -> std::string& { return page.integration_id; },
       [](DisconnectPage& page) -> std::string& { return page.generation; },
       [](DisconnectPage& page) -> std::string& { return page.provider_name; },
       [](DisconnectPage& page) -> std::string& { return page.account; },
       [](DisconnectPage& page) -> std::string& { return page.withdraw_pages[0].url; },
       [](DisconnectPage& page) -> std::string& { return page.withdraw_pages[0].label; }});
}

CALINT_TEST(the_switch_page_escapes_every_field) {
  check_fields<SwitchPage>(switch_page, [](const SwitchPage& page) { return shipped().switch_question(page); },
                           {[](SwitchPage& page) -> std::string& { return page.user_name; },
                            [](SwitchPage& page) -> std::string& { return page.user_login; },
                            [](SwitchPage& page) -> std::string& { return page.csrf; },
                            [](SwitchPage& page) -> std::string& { return page.to_provider_id; },
                            [](SwitchPage& page) -> std::string& { return page.to_provider_name; },
                            [](SwitchPage& page) -> std::string& { return page.from_provider_name; },
                            [](SwitchPage& page) -> std::string& { return page.from_account; },
                            [](SwitchPage& page) -> std::string& { return page.integration_id; },
                            [](SwitchPage& page) -> std::string& { return page.generation; },
                            [](SwitchPage& page) -> std::string& { return page.why; },
                            [](SwitchPage& page) -> std::string& { return page.return_to; }});
}

CALINT_TEST(the_message_page_escapes_every_field) {
  check_fields<MessagePage>(message_page, [](const MessagePage& page) { return shipped().message(page); },
                            {[](MessagePage& page) -> std::string& { return page.title; },
                             [](MessagePage& page) -> std::string& { return page.text; },
                             [](MessagePage& page) -> std::string& { return page.request_id; },
                             [](MessagePage& page) -> std::string& { return page.actions[0].url; },
                             [](MessagePage& page) -> std::string& { return page.actions[0].label; }});
}

CALINT_TEST(a_colour_that_is_no_colour_is_left_out) {
  for (std::string color : {"red", "#12345", "#1234567", "#12345g", "url(#x)", "#fff\"/>"}) {
    SettingsPage page = connected_page();
    page.connected->calendars = {{.id = "c1", .name = "Work", .color = color, .checked = true}};
    ck_assert_msg(!contains(shipped().settings(page), "class=\"dot\""), "%s is taken for a colour", color.c_str());
  }
  SettingsPage page = connected_page();
  page.connected->calendars = {{.id = "c1", .name = "Work", .color = "#A0b1c2", .checked = true}};
  CHECK(contains(shipped().settings(page), "fill=\"#A0b1c2\""));
}

CALINT_TEST(a_kind_that_the_stylesheet_does_not_know_becomes_one_it_knows) {
  SettingsPage page = connected_page();
  page.notice = Banner{.kind = "x\" y=\"", .text = "Hello"};
  std::string html = shipped().settings(page);
  CHECK(contains(html, "class=\"banner banner-info\" role=\"status\""));
}
