#include "pages/page_data.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "pages/static_files.h"
#include "pages/texts.h"

namespace calint::pages {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

// false for an empty text: a section of it isn't shown, and a variable of it stays empty instead of being
// looked up further out.
data text(const std::string& value) {
  if (value.empty()) return data(false);
  return data(kainjow::mustache::html_escape(value));
}

// What head.mustache shows, and the rest of a page's values.
object with_head(const Language& language, const std::string& state, object page) {
  page.emplace("lang", text(language.tag()));
  page.emplace("dir", std::string(language.direction()));
  page.emplace("title", text(language.say(texts::page::title{.state = state})));
  page.emplace("stylesheet", text(static_url("calint.css")));
  return page;
}

data icon_of(const std::string& provider_id) { return text(static_url(provider_id + ".svg")); }

bool is_color(std::string_view color) {
  return color.size() == 7 && color[0] == '#' &&
         std::ranges::all_of(color.substr(1), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

data notice_data(const Banner& notice) {
  // One that the stylesheet and the icons know.
  constexpr std::array<std::string_view, 3> kKnown = {"success", "warning", "error"};
  const std::string kind = std::ranges::find(kKnown, notice.kind) == kKnown.end() ? "info" : notice.kind;
  bool attention = kind == "warning" || kind == "error";
  return object{{"kind", kind},
                {"role", attention ? "alert" : "status"},
                {"good", kind == "success"},
                {"attention", attention},
                {"text", text(notice.text)},
                {"link_url", text(notice.link.url)},
                {"link_label", text(notice.link.label)}};
}

data provider_data(const ProviderCard& card) {
  return object{{"id", text(card.id)},
                {"icon", icon_of(card.id)},
                {"name", text(card.name)},
                {"connect_url", text(card.connect_url)}};
}

// Those that can be chosen: available, and not the one that is connected already.
list offered_providers(const SettingsPage& page) {
  list offered;
  for (const ProviderCard& card : page.providers)
    if (card.available && !(page.connected && page.connected->provider_id == card.id))
      offered.push_back(provider_data(card));
  return offered;
}

data trouble_data(const Trouble& trouble) {
  return object{{"text", text(trouble.text)},
                {"since", text(trouble.since)},
                {"offer_retry", trouble.offer_retry},
                {"offer_reconnect", trouble.offer_reconnect && !trouble.offer_retry}};
}

std::string connection_heading(const Language& language, const Connected& connected) {
  const std::string& provider = connected.provider_name;
  switch (connected.status) {
    case ConnectionStatus::connected: return language.say(texts::connection::connected{.provider = provider});
    case ConnectionStatus::expired: return language.say(texts::connection::expired{.provider = provider});
    case ConnectionStatus::error:
    case ConnectionStatus::inactive: break;
  }
  return language.say(texts::connection::error{.provider = provider});
}

data connected_data(const Language& language, const Connected& connected) {
  bool reconnect_in_banner =
      connected.trouble && connected.trouble->offer_reconnect && !connected.trouble->offer_retry;
  return object{{"heading", text(connection_heading(language, connected))},
                {"integration_id", text(connected.integration_id)},
                {"generation", text(connected.generation)},
                {"provider_id", text(connected.provider_id)},
                {"provider_icon", icon_of(connected.provider_id)},
                {"provider_name", text(connected.provider_name)},
                {"account", text(connected.account)},
                {"status", text(connected.status_text)},
                {"status_id", std::string(to_string(connected.status))},
                {"healthy", connected.status == ConnectionStatus::connected},
                {"connected_at", text(connected.connected_at)},
                {"last_synced", text(connected.last_synced)},
                {"last_synced_iso", text(connected.last_synced_iso)},
                {"has_calendars", !connected.calendars.empty()},
                {"none_checked", std::ranges::none_of(connected.calendars, &CalendarRow::checked)},
                {"has_writable", std::ranges::any_of(connected.calendars, &CalendarRow::writable)},
                {"destination_trouble", text(connected.destination_trouble)},
                {"calendars_read", text(connected.calendars_read)},
                {"calendars_read_iso", text(connected.calendars_read_iso)},
                {"is_cut", connected.is_cut},
                {"is_read", connected.reading != ListReading::none},
                {"is_read_now", connected.reading == ListReading::now},
                {"is_read_elsewhere", connected.reading == ListReading::elsewhere},
                {"is_read_later", connected.reading == ListReading::later},
                {"reload_url", text(connected.reload_url)},
                {"expired", connected.status == ConnectionStatus::expired},
                {"can_sync", connected.can_sync},
                {"calendars", list(connected.calendars.size(), data(true))},
                {"reconnect_url", text(connected.reconnect_url)},
                {"reconnect_in_card", !reconnect_in_banner},
                {"disconnect_url", text(connected.disconnect_url)},
                {"trouble", connected.trouble ? trouble_data(*connected.trouble) : data(false)}};
}

list links_data(const std::vector<Link>& links) {
  list found;
  for (const Link& link : links) found.push_back(object{{"url", text(link.url)}, {"label", text(link.label)}});
  return found;
}

data pending_data(const PendingRevocation& pending) {
  return object{{"provider_name", text(pending.provider_name)},
                {"has_withdraw_pages", !pending.withdraw_pages.empty()},
                {"withdraw_pages", links_data(pending.withdraw_pages)},
                {"job_id", text(pending.job_id)}};
}

data stranded_data(const Language& language, const SettingsPage& page) {
  if (page.stranded.empty()) return data(false);
  list interviews;
  for (const StrandedInterview& one : page.stranded)
    interviews.push_back(object{{"title", text(one.title)},
                                {"time", text(one.time)},
                                {"time_iso", text(one.time_iso)},
                                {"provider_name", text(one.provider_name)},
                                {"is_cancelled", one.is_cancelled}});
  const int64_t more = page.more_stranded;
  return object{{"interviews", interviews},
                {"more", more == 0 ? data(false) : text(language.say(texts::stranded::more{.interviews = more}))}};
}

// Before a connection ends; nothing where no interview stays behind.
data staying_data(const Language& language, int64_t interviews) {
  if (interviews == 0) return data(false);
  return text(language.say(texts::stranded::staying{.interviews = interviews}));
}

data organization_client_data(const Language& language, const OrganizationClient& client) {
  const bool is_own = !client.client_id.empty();
  // Where there is nobody, there is nothing to say.
  auto about = [&](int64_t people, const Text& said) { return people == 0 ? data(false) : text(language.say(said)); };
  return object{
      {"provider_id", text(client.provider_id)},
      {"provider_icon", icon_of(client.provider_id)},
      {"provider_name", text(client.provider_name)},
      {"available", client.available},
      {"editable", client.available && client.editable},
      {"takes_tenant", client.takes_tenant},
      {"own", is_own},
      {"client_id", text(client.client_id)},
      {"version", text(client.version)},
      {"tenant", text(client.tenant)},
      {"since", text(client.since)},
      {"redirect_uri", text(client.redirect_uri)},
      {"people", about(client.people, texts::organization::people{.people = client.people})},
      {"people_before",
       about(client.people_before, texts::organization::people_before{.people = client.people_before})},
      {"refused", about(client.refused, texts::organization::refused{.people = client.refused,
                                                                     .provider = client.provider_name})},
      {"entered_client_id", text(client.entered_client_id)},
      {"entered_tenant", text(client.entered_tenant)},
      {"client_id_error", text(client.client_id_error)},
      {"secret_error", text(client.secret_error)},
      {"tenant_error", text(client.tenant_error)}};
}

list rules_fields_data(const std::vector<RulesField>& fields) {
  list found;
  for (const RulesField& field : fields)
    found.push_back(object{{"id", text(field.id)},
                           {"label", text(field.label)},
                           {"value", text(field.value)},
                           {"is_busy", field.value == "busy"},
                           {"is_free", field.value == "free"},
                           {"unset", text(field.unset)},
                           {"error", text(field.error)}});
  return found;
}

data rules_data(const OrganizationRules& rules) {
  return object{{"seen", text(rules.seen)},
                {"days", rules_fields_data(rules.days)},
                {"buffers", rules_fields_data(rules.buffers)},
                {"choices", rules_fields_data(rules.choices)}};
}

Text switch_heading(const SwitchPage& page) {
  if (page.from_provider_name.empty()) return texts::switching::plain{.provider = page.to_provider_name};
  if (page.from_provider_name == page.to_provider_name)
    return texts::switching::account{.provider = page.to_provider_name};
  return texts::switching::provider{.provider = page.to_provider_name};
}

Text credentials_heading(const CredentialsPage& page) {
  if (page.reconnects) return texts::connecting::again{.provider = page.provider_name};
  return texts::connecting::provider{.provider = page.provider_name};
}

}  // namespace

data data_of(const CalendarRow& calendar) {
  return object{{"id", text(calendar.id)},
                {"name", text(calendar.name)},
                {"color", is_color(calendar.color) ? text(calendar.color) : data(false)},
                {"detail", text(calendar.detail)},
                {"synced", text(calendar.synced)},
                {"primary", calendar.primary},
                {"checked", calendar.checked},
                {"shared", calendar.shared},
                {"fixed", calendar.gone && !calendar.checked},
                {"writable", calendar.writable},
                {"destination", calendar.destination && calendar.writable}};
}

data data_of(const Language& language, const SettingsPage& page) {
  const std::string state =
      page.connected ? connection_heading(language, *page.connected) : language.say(texts::connection::none{});
  list providers = offered_providers(page);
  return with_head(language, state,
                   {{"user_name", text(page.user_name)},
                    {"user_login", text(page.user_login)},
                    {"csrf", text(page.csrf)},
                    {"notice", page.notice ? notice_data(*page.notice) : data(false)},
                    {"has_providers", !providers.empty()},
                    {"providers", providers},
                    {"connected", page.connected ? connected_data(language, *page.connected) : data(false)},
                    {"pending_revocation",
                     page.pending_revocation ? pending_data(*page.pending_revocation) : data(false)},
                    {"stranded", stranded_data(language, page)},
                    {"back_url", text(page.back_url)}});
}

data data_of(const Language& language, const DisconnectPage& page) {
  return with_head(language, language.say(texts::disconnecting::title{.provider = page.provider_name}),
                   {{"user_name", text(page.user_name)},
                    {"user_login", text(page.user_login)},
                    {"csrf", text(page.csrf)},
                    {"integration_id", text(page.integration_id)},
                    {"generation", text(page.generation)},
                    {"provider_name", text(page.provider_name)},
                    {"account", text(page.account)},
                    {"revokes", page.revokes},
                    {"has_withdraw_pages", !page.withdraw_pages.empty()},
                    {"withdraw_pages", links_data(page.withdraw_pages)},
                    {"interviews_stay", staying_data(language, page.interviews)}});
}

data data_of(const Language& language, const SwitchPage& page) {
  const std::string heading = language.say(switch_heading(page));
  return with_head(language, heading,
                   {{"heading", text(heading)},
                    {"user_name", text(page.user_name)},
                    {"user_login", text(page.user_login)},
                    {"csrf", text(page.csrf)},
                    {"why", text(page.why)},
                    {"from_provider_name", text(page.from_provider_name)},
                    {"from_account", text(page.from_account)},
                    {"interviews_stay", staying_data(language, page.interviews)},
                    {"integration_id", text(page.integration_id)},
                    {"generation", text(page.generation)},
                    {"to_provider_id", text(page.to_provider_id)},
                    {"to_provider_name", text(page.to_provider_name)},
                    {"return_to", text(page.return_to)}});
}

data data_of(const Language& language, const CredentialsPage& page) {
  const std::string heading = language.say(credentials_heading(page));
  const bool account_first = page.account.empty() || !page.account_error.empty();
  return with_head(language, heading,
                   {{"heading", text(heading)},
                    {"user_name", text(page.user_name)},
                    {"user_login", text(page.user_login)},
                    {"csrf", text(page.csrf)},
                    {"provider_id", text(page.provider_id)},
                    {"provider_name", text(page.provider_name)},
                    {"notice", page.notice ? notice_data(*page.notice) : data(false)},
                    {"account", text(page.account)},
                    {"account_error", text(page.account_error)},
                    {"password_error", text(page.password_error)},
                    {"focus_account", account_first},
                    {"focus_password", !account_first},
                    {"replaces_provider", text(page.replaces_provider)},
                    {"replaces_account", text(page.replaces_account)},
                    {"action", page.replaces_provider.empty() ? "connect" : "switch"},
                    {"integration_id", text(page.integration_id)},
                    {"generation", text(page.generation)},
                    {"password_url", text(page.password_page.url)},
                    {"password_page", text(page.password_page.label)},
                    {"password_label", text(page.password_label)},
                    {"return_to", text(page.return_to)}});
}

data data_of(const Language& language, const OrganizationPage& page) {
  list clients;
  for (const OrganizationClient& client : page.clients) clients.push_back(organization_client_data(language, client));
  return with_head(language, language.say(texts::organization::title{}),
                   {{"admin_name", text(page.admin_name)},
                    {"admin_login", text(page.admin_login)},
                    {"csrf", text(page.csrf)},
                    {"notice", page.notice ? notice_data(*page.notice) : data(false)},
                    {"clients", clients},
                    {"rules", page.rules ? rules_data(*page.rules) : data(false)}});
}

data data_of(const Language& language, const MessagePage& page) {
  const bool reloads = page.reload_after > 0;
  list actions;
  for (const MessagePage::Action& action : page.actions)
    actions.push_back(object{{"url", text(action.url)}, {"label", text(action.label)}});
  return with_head(language, page.title,
                   {{"heading", text(page.title)},
                    {"text", text(page.text)},
                    {"request_id", text(page.request_id)},
                    {"reload_after", reloads ? text(std::to_string(page.reload_after)) : data(false)},
                    {"reload", text(language.say(texts::message::reload{.seconds = page.reload_after}))},
                    {"has_actions", !actions.empty()},
                    {"actions", actions}});
}

}  // namespace calint::pages
