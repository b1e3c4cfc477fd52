#include "page_samples.h"
#include "pages/notices.h"
#include "pages/renderer.h"

#include <memory>
#include <utility>

namespace calint::test {

using namespace calint::pages;

SettingsPage not_connected_page() {
  return {.user_name = "John Smith",
          .user_login = "jsmith",
          .csrf = "csrf-value",
          .notice = std::nullopt,
          .providers = {{"google", "Google Calendar", true, "/calendar/auth/google"},
                        {"outlook", "Microsoft Outlook", true, "/calendar/auth/outlook"},
                        {"apple", "Apple Calendar", false, "/calendar/auth/apple"}},
          .connected = std::nullopt,
          .pending_revocation = std::nullopt};
}

SettingsPage connected_page() {
  SettingsPage page = not_connected_page();
  Connected connected;
  connected.integration_id = "42";
  connected.generation = "7";
  connected.provider_id = "google";
  connected.provider_name = "Google Calendar";
  connected.account = "john.smith@company.com";
  connected.status_text = "Connected";
  connected.status = ConnectionStatus::connected;
  connected.connected_at = "24 November 2026, 14:05 (Europe/Berlin)";
  connected.last_synced = "5 minutes ago";
  connected.last_synced_iso = "2026-11-24T13:05:00Z";
  connected.can_sync = true;
  connected.calendars = {
      {.id = "c1", .name = "john.smith@company.com", .color = "#9fe1e7", .primary = true, .checked = true},
      {.id = "c2", .name = "Work", .color = "#f83a22", .checked = true},
      {.id = "c3", .name = "Room Aurora", .detail = "Shared with you, availability only", .shared = true},
      {.id = "c4", .name = "Trips", .detail = "No longer in this account", .gone = true},
  };
  for (size_t i : {0, 1}) connected.calendars[i].writable = true;
  connected.calendars[1].destination = true;
  connected.calendars_read = "2 hours ago";
  connected.calendars_read_iso = "2026-11-24T11:10:00Z";
  connected.reconnect_url = "/calendar/auth/google?return_to=%2Fsettings%2Fcalendar";
  connected.disconnect_url = "/settings/calendar/disconnect";
  page.connected = std::move(connected);
  return page;
}

SettingsPage choose_again_page() {
  SettingsPage page = connected_page();
  for (CalendarRow& calendar : page.connected->calendars) calendar.checked = calendar.destination = false;
  page.connected->destination_trouble = "Interviews were written to Trips, which is no longer in this account.";
  return page;
}

SettingsPage reading_page() {
  SettingsPage page = connected_page();
  page.connected->reading = ListReading::now;
  page.connected->reload_url = "/settings/calendar?return_to=%2Fjobs";
  return page;
}

SettingsPage expired_page() {
  SettingsPage page = connected_page();
  page.connected->status_text = "Expired";
  page.connected->status = ConnectionStatus::expired;
  page.connected->trouble = Trouble{.text = "Google Calendar no longer accepts the access that you granted.",
                                    .since = "Since 24 November 2026, 14:05 (Europe/Berlin)",
                                    .offer_retry = false,
                                    .offer_reconnect = true};
  return page;
}

SettingsPage failing_page() {
  SettingsPage page = connected_page();
  page.connected->status_text = "Error";
  page.connected->status = ConnectionStatus::error;
  page.connected->last_synced = "not yet";
  page.connected->last_synced_iso.clear();
  page.connected->calendars.clear();
  page.connected->calendars_read.clear();
  page.connected->calendars_read_iso.clear();
  page.connected->trouble = Trouble{.text = "Google Calendar could not be reached.",
                                    .since = "Since 24 November 2026, 14:05 (Europe/Berlin)",
                                    .offer_retry = true,
                                    .offer_reconnect = false};
  return page;
}

SettingsPage pending_page() {
  SettingsPage page = not_connected_page();
  page.notice = banner_of(shipped().language(), Notice::disconnected, "Google Calendar");
  page.pending_revocation = PendingRevocation{.provider_name = "Google Calendar",
                                              .withdraw_pages = {{"https://accounts.example/permissions", "Account"}},
                                              .job_id = "99"};
  return page;
}

SettingsPage stranded_page() {
  SettingsPage page = connected_page();
  page.stranded = {{.title = "Interview: Jane Doe",
                    .time = "24 November 2026, 14:05 (Europe/Berlin)",
                    .time_iso = "2026-11-24T13:05:00Z",
                    .provider_name = "Microsoft Outlook"},
                   {.title = "Interview: John Roe",
                    .time = "25 November 2026, 09:00 (Europe/Berlin)",
                    .time_iso = "2026-11-25T08:00:00Z",
                    .provider_name = "Google Calendar",
                    .is_cancelled = true}};
  page.more_stranded = 1;
  return page;
}

DisconnectPage disconnect_page() {
  return {.user_name = "John Smith",
          .user_login = "jsmith",
          .csrf = "csrf-value",
          .integration_id = "42",
          .generation = "7",
          .provider_name = "Google Calendar",
          .account = "john.smith@company.com",
          .revokes = true,
          .withdraw_pages = {}};
}

SwitchPage switch_page() {
  return {.user_name = "John Smith",
          .user_login = "jsmith",
          .csrf = "csrf-value",
          .to_provider_id = "outlook",
          .to_provider_name = "Microsoft Outlook",
          .from_provider_name = "Google Calendar",
          .from_account = "john.smith@company.com",
          .integration_id = "42",
          .generation = "7",
          .why = "Your connection changed while you were at Microsoft.",
          .return_to = "/interviews?week=48&view=all"};
}

CredentialsPage credentials_page() {
  return {.user_name = "John Smith",
          .user_login = "jsmith",
          .csrf = "csrf-value",
          .provider_id = "apple",
          .provider_name = "Apple Calendar",
          .notice = std::nullopt,
          .account = {},
          .account_error = {},
          .password_error = {},
          .replaces_provider = {},
          .replaces_account = {},
          .integration_id = "0",
          .generation = "0",
          .reconnects = false,
          .password_page = {"https://account.example/", "your Apple Account: App-Specific Passwords"},
          .password_label = "Interviews (ats.example.com)",
          .return_to = "/interviews?week=48&view=all"};
}

OrganizationRules organization_rules() {
  return {.seen = "mark",
          .days = {{.id = "mon", .label = "Monday", .value = "09:00-12:30"}, {.id = "tue", .label = "Tuesday", .value = ""}},
          .buffers = {{.id = "buffer_before", .label = "Before", .value = "10"}},
          .choices = {{.id = "tentative", .label = "Tentative", .value = "free", .unset = "Not set: busy"},
                      {.id = "unknown", .label = "Unknown", .value = "", .unset = "Not set: as set up"}}};
}

OrganizationPage organization_page() {
  return {.admin_name = "Ada Admin",
          .admin_login = "ada",
          .csrf = "csrf-value",
          .notice = std::nullopt,
          .clients = {{.provider_id = "google",
                       .provider_name = "Google Calendar",
                       .available = true,
                       .editable = true,
                       .version = "0",
                       .redirect_uri = "https://ats.example.com/calendar/auth/google/callback",
                       .people = 1},
                      {.provider_id = "outlook",
                       .provider_name = "Microsoft Outlook",
                       .available = true,
                       .editable = true,
                       .takes_tenant = true,
                       .client_id = "0000-own",
                       .version = "3",
                       .tenant = "contoso.example",
                       .since = "24 November 2026, 14:05 UTC",
                       .redirect_uri = "https://ats.example.com/calendar/auth/outlook/callback",
                       .people = 12,
                       .people_before = 1,
                       .entered_client_id = "0000-own",
                       .entered_tenant = "contoso.example"}}};
}

MessagePage message_page() {
  return {.title = "Please try again in a moment",
          .text = "Many people are connecting a calendar right now. Nothing was lost.",
          .request_id = "Zx81-Request",
          .reload_after = 5,
          .actions = {{"/settings/calendar", "Back to your calendar"}}};
}

std::vector<NamedHtml> all_pages() {
  const Renderer& renderer = shipped();
  SettingsPage none_offered = not_connected_page();
  none_offered.providers.clear();
  SettingsPage denied = not_connected_page();
  denied.notice = banner_of(shipped().language(), Notice::denied, "Google Calendar");
  SettingsPage fresh = connected_page();
  fresh.notice = banner_of(shipped().language(), Notice::connected, "Google Calendar");
  fresh.providers.clear();
  SettingsPage syncing = connected_page();
  syncing.notice = banner_of(shipped().language(), Notice::sync_started, "Google Calendar");
  DisconnectPage by_hand = disconnect_page();
  by_hand.provider_name = "Microsoft Outlook";
  by_hand.revokes = false;
  by_hand.withdraw_pages = {{"https://account.example/consent", "Personal account"},
                            {"https://apps.example/", "Work account"}};
  SwitchPage plain_start = switch_page();
  plain_start.from_provider_name.clear();
  plain_start.from_account.clear();
  plain_start.integration_id = plain_start.generation = "0";
  CredentialsPage refused = credentials_page();
  refused.account = "john@icloud.example";
  refused.password_error = "Apple refused this Apple ID with this password.";
  CredentialsPage replacing = credentials_page();
  replacing.notice = banner_of(shipped().language(), Notice::provider_unavailable, "");
  replacing.account_error = "Write the Apple ID.";
  replacing.replaces_provider = "Google Calendar";
  replacing.replaces_account = "john.smith@company.com";
  OrganizationPage unsaved = organization_page();
  unsaved.notice = Banner{.kind = "error", .text = "Nothing was saved: see what the form says."};
  unsaved.clients[1].client_id_error = unsaved.clients[1].secret_error = unsaved.clients[1].tenant_error = "Enter it.";
  unsaved.clients[1].refused = 2;
  unsaved.clients[0].available = false;
  unsaved.rules = organization_rules();
  unsaved.rules->days[0].error = "Write times.";
  OrganizationPage with_rules = organization_page();
  with_rules.rules = organization_rules();
  MessagePage bare;
  bare.title = "There is no such page";
  bare.text = "Check the address.";
  return {{"not-connected", renderer.settings(not_connected_page())},
          {"none-offered", renderer.settings(none_offered)},
          {"denied", renderer.settings(denied)},
          {"connected", renderer.settings(fresh)},
          {"connected-others", renderer.settings(syncing)},
          {"expired", renderer.settings(expired_page())},
          {"reading", renderer.settings(reading_page())},
          {"choose-again", renderer.settings(choose_again_page())},
          {"failing", renderer.settings(failing_page())},
          {"pending", renderer.settings(pending_page())},
          {"stranded", renderer.settings(stranded_page())},
          {"disconnect", renderer.disconnect(disconnect_page())},
          {"disconnect-by-hand", renderer.disconnect(by_hand)},
          {"switch", renderer.switch_question(switch_page())},
          {"switch-plain", renderer.switch_question(plain_start)},
          {"credentials", renderer.credentials(credentials_page())},
          {"credentials-refused", renderer.credentials(refused)},
          {"credentials-replacing", renderer.credentials(replacing)},
          {"organization", renderer.organization(organization_page())},
          {"organization-rules", renderer.organization(with_rules)},
          {"organization-unsaved", renderer.organization(unsaved)},
          {"message-reload", renderer.message(message_page())},
          {"message", renderer.message(bare)}};
}

const Renderer& shipped() {
  static const std::unique_ptr<Pages> pages = std::move(Pages::make("").value());
  return pages->in("");
}

size_t count(std::string_view text, std::string_view part) {
  size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace calint::test
