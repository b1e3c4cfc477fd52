#include "site/settings_view.h"

#include <algorithm>

#include "base/utf8.h"
#include "pages/civil_time.h"
#include "site/choose_calendars.h"
#include "site/links.h"
#include "store/calendar_trouble.h"

namespace calint::site {
namespace {

std::string start_url(ProviderId id, const std::string& return_to) { return with_return_to(start_path(id), return_to); }

pages::Text status_text(ConnectionStatus status) {
  if (status == ConnectionStatus::connected) return texts::connection::status::connected{};
  if (status == ConnectionStatus::expired) return texts::connection::status::expired{};
  return texts::connection::status::error{};
}

pages::Text trouble_text(const store::Integration& integration, const std::string& provider) {
  const std::optional<Reason>& reason = integration.last_error;
  if (reason == Reason::sign_in_policy) return texts::trouble::sign_in_policy{.provider = provider};
  if (integration.status == ConnectionStatus::expired) return texts::trouble::expired{.provider = provider};
  if (reason == Reason::not_validated) return texts::trouble::not_validated{.provider = provider};
  if (reason == Reason::misconfigured && !integration.client.is_servers())
    return texts::trouble::organizations_client{.provider = provider};
  if (reason == Reason::misconfigured) return texts::trouble::misconfigured{};
  if (reason == Reason::rate_limited) return texts::trouble::rate_limited{.provider = provider};
  if (reason == Reason::no_mailbox) return texts::trouble::no_mailbox{.provider = provider};
  if (reason == Reason::access_refused) return texts::trouble::access_refused{.provider = provider};
  if (reason == Reason::access_withdrawn) return texts::trouble::access_withdrawn{.provider = provider};
  return texts::trouble::provider_unavailable{.provider = provider};
}

std::optional<pages::Trouble> trouble(const Visit& visit, const Visitor& visitor) {
  const store::Integration& integration = *visitor.integration;
  if (integration.status == ConnectionStatus::connected) return std::nullopt;
  const bool expired = integration.status == ConnectionStatus::expired;
  return pages::Trouble{
      .text = visit.say(trouble_text(integration, visit.name(integration.provider))),
      .since = integration.error_since
                   ? visit.say(texts::connection::error_since{
                         .time = visit.pages.language().date_time(*integration.error_since, visitor.user.time_zone)})
                   : std::string(),
      .offer_retry = !expired,
      .offer_reconnect = expired || integration.last_error == Reason::access_withdrawn ||
                         integration.last_error == Reason::sign_in_policy,
  };
}

// What the account may do with it.
std::string_view access_of(const store::CalendarRow& calendar) {
  if (calendar.access_role == "freeBusyReader") return "busy";
  return calendar.can_write ? "write" : "read";
}

// Nothing where the account may do everything.
std::string calendar_detail(const Visit& visit, const store::CalendarRow& calendar) {
  if (calendar.gone) return visit.say(texts::calendars::gone{});
  const std::string_view access = access_of(calendar);
  if (calendar.is_shared)
    return calendar.owner.empty() ? visit.say(texts::calendars::shared{.access = access})
                                  : visit.say(texts::calendars::shared_by{.access = access, .owner = calendar.owner});
  return access == "write" ? std::string() : visit.say(texts::calendars::read_only{});
}

// A name that tells the calendar from the others: where it has none that can be seen, by the end of its id.
std::string shown_name(const Visit& visit, const store::CalendarRow& calendar) {
  constexpr size_t kShownOfId = 16;
  if (has_visible(calendar.name)) return calendar.name;
  const std::string& id = calendar.calendar_id;
  const std::string_view end = std::string_view(id).substr(id.size() - std::min(id.size(), kShownOfId));
  const std::string shown = (end.size() < id.size() ? "\u2026" : "") + clean_utf8(end, 3 * kShownOfId);
  return visit.say(texts::calendars::unnamed{.id = shown});
}

bool is_writable(const store::CalendarRow& calendar) { return calendar.can_write && !calendar.gone; }

// Why interviews can't be written now; nullopt where they can.
std::optional<pages::Text> destination_trouble(const Visit& visit, const store::Integration& integration,
                                               const std::vector<store::CalendarRow>& calendars) {
  if (integration.calendar_id.empty()) return texts::calendars::destination::none{};
  for (const store::CalendarRow& calendar : calendars) {
    if (calendar.calendar_id != integration.calendar_id) continue;
    if (calendar.gone) return texts::calendars::destination::gone{.calendar = shown_name(visit, calendar)};
    if (!calendar.can_write) return texts::calendars::destination::read_only{.calendar = shown_name(visit, calendar)};
    return std::nullopt;
  }
  return texts::calendars::destination::unknown{};
}

pages::ListReading reading(const Settings& settings, const store::Integration& integration, store::ListReading reading) {
  if (reading == store::ListReading::none || integration.status == ConnectionStatus::expired) return pages::ListReading::none;
  // That what fails is tried again is said above, with what went wrong.
  if (reading == store::ListReading::later)
    return integration.status == ConnectionStatus::connected ? pages::ListReading::later : pages::ListReading::none;
  return settings.worker ? pages::ListReading::now : pages::ListReading::elsewhere;
}

// Of all that is ticked: what isn't known yet makes the whole unknown.
std::optional<Instant> last_synced_at(const std::vector<store::SyncRow>& syncs) {
  std::optional<Instant> oldest;
  for (const store::SyncRow& sync : syncs) {
    if (!sync.last_synced_at) return std::nullopt;
    if (!oldest || *sync.last_synced_at < *oldest) oldest = sync.last_synced_at;
  }
  return oldest;
}

pages::Text sync_trouble(const std::string& trouble) {
  const auto known = store::parse_calendar_trouble(trouble);
  if (known == store::CalendarTrouble::gone) return texts::calendars::trouble::gone{};
  if (known == store::CalendarTrouble::forbidden) return texts::calendars::trouble::forbidden{};
  if (known == store::CalendarTrouble::given_up) return texts::calendars::trouble::given_up{};
  if (known == store::CalendarTrouble::incomplete) return texts::calendars::trouble::incomplete{};
  return texts::calendars::trouble::other{};
}

// When it was read, or why it can't be; nothing where it isn't ticked, or wasn't read yet.
std::string sync_detail(const Visit& visit, const store::CalendarRow& calendar,
                        const std::vector<store::SyncRow>& syncs, Instant now) {
  const auto sync = std::ranges::find(syncs, calendar.calendar_id, &store::SyncRow::calendar_id);
  if (sync == syncs.end()) return {};
  const std::string trouble = sync->trouble.empty() ? std::string() : visit.say(sync_trouble(sync->trouble));
  if (!sync->last_synced_at) return trouble;
  const std::string time = visit.pages.language().relative_time(*sync->last_synced_at, now);
  if (trouble.empty()) return visit.say(texts::calendars::synced{.time = time});
  return visit.say(texts::calendars::trouble::last_read{.time = time, .trouble = trouble});
}

// Since when all that is ticked is known, for a person.
std::string last_synced(const Visit& visit, bool is_readable, const std::optional<Instant>& synced, Instant now) {
  if (!is_readable) return visit.say(texts::connection::not_readable{});
  return synced ? visit.pages.language().relative_time(*synced, now) : visit.say(texts::connection::not_synced{});
}

}  // namespace

pages::Connected connected_view(const Runtime& runtime, const Visit& visit, const Visitor& visitor,
                                const store::CalendarsAsStored& stored, const std::vector<store::SyncRow>& syncs,
                                const std::string& return_to) {
  const pages::Language& language = visit.pages.language();
  const Instant now = runtime.now();
  const store::Integration& integration = *visitor.integration;
  const std::vector<store::CalendarRow>& calendars = stored.calendars;
  const std::optional<Instant> synced = last_synced_at(syncs);
  const bool can_read = runtime.changes(integration.provider) != nullptr;
  pages::Connected view{
      .integration_id = std::to_string(integration.id),
      .generation = std::to_string(integration.generation),
      .provider_id = std::string(to_string(integration.provider)),
      .provider_name = visit.name(integration.provider),
      .account = integration.account,
      .status_text = visit.say(status_text(integration.status)),
      .status = integration.status,
      .connected_at = integration.connected_at
                          ? language.date_time(*integration.connected_at, visitor.user.time_zone)
                          : std::string(),
      .last_synced = last_synced(visit, can_read, synced, now),
      .last_synced_iso = synced ? pages::iso_text(*synced) : std::string(),
      .can_sync = can_read && integration.status == ConnectionStatus::connected && !syncs.empty(),
      .calendars = {},
      .calendars_read = {},
      .calendars_read_iso = {},
      .is_cut = integration.last_error == Reason::list_cut,
      .reading = reading(runtime.settings(), integration, stored.reading),
      .reload_url = with_return_to(std::string(kSettingsPath), return_to),
      .destination_trouble = {},
      .reconnect_url = start_url(integration.provider, return_to),
      .disconnect_url = std::string(kDisconnectPath),
      .trouble = trouble(visit, visitor),
  };
  if (const auto why = calendars.empty() ? std::nullopt : destination_trouble(visit, integration, calendars))
    view.destination_trouble = visit.say(*why);
  if (const auto read_at = list_read_at(calendars)) {
    view.calendars_read = language.relative_time(*read_at, now);
    view.calendars_read_iso = pages::iso_text(*read_at);
  }
  view.calendars.reserve(calendars.size());
  for (const store::CalendarRow& calendar : calendars)
    view.calendars.push_back({.id = calendar.calendar_id,
                              .name = shown_name(visit, calendar),
                              .color = calendar.color,
                              .detail = calendar_detail(visit, calendar),
                              .synced = sync_detail(visit, calendar, syncs, now),
                              .primary = calendar.is_primary,
                              .checked = calendar.sync,
                              .shared = calendar.is_shared,
                              .gone = calendar.gone,
                              .writable = is_writable(calendar),
                              .destination = calendar.calendar_id == integration.calendar_id});
  return view;
}

void show_stranded(const Visit& visit, const Visitor& visitor, const store::StrandedInterviews& stranded,
                   pages::SettingsPage& page) {
  for (const store::StrandedInterview& one : stranded.first)
    page.stranded.push_back({.title = one.title,
                             .time = visit.pages.language().date_time(one.start, visitor.user.time_zone),
                             .time_iso = pages::iso_text(one.start),
                             .provider_name = visit.name(one.provider),
                             .is_cancelled = one.is_cancelled});
  page.more_stranded = stranded.total - static_cast<int64_t>(stranded.first.size());
}

std::vector<pages::ProviderCard> provider_cards(const Settings& settings, const Visit& visit, const Visitor& visitor,
                                                const std::string& return_to) {
  std::vector<pages::ProviderCard> cards;
  for (const std::string& name : visitor.offered) {
    const auto id = parse_provider(name);
    if (!id || !settings.providers.contains(*id)) continue;
    if (visitor.integration && visitor.integration->provider == *id) continue;
    cards.push_back({.id = name,
                     .name = visit.name(*id),
                     .available = true,
                     .connect_url = start_url(*id, return_to)});
  }
  return cards;
}

}  // namespace calint::site
