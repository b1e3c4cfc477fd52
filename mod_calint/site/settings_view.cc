#include "site/settings_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "pages/time_text.h"
#include "site/choose_calendars.h"
#include "site/links.h"

namespace calint::site {
namespace {

std::string with_return_to(const std::string& path, const std::string& return_to) {
  return return_to.empty() ? path : with_query(path, "return_to", return_to);
}

std::string start_url(ProviderId id, const std::string& return_to) { return with_return_to(start_path(id), return_to); }

std::string status_text(ConnectionStatus status) {
  if (status == ConnectionStatus::connected) return "Connected";
  if (status == ConnectionStatus::expired) return "Expired";
  return "Error";
}

std::string trouble_text(const store::Integration& integration) {
  const std::string_view provider = display_name(integration.provider);
  const std::optional<Reason>& reason = integration.last_error;
  if (reason == Reason::sign_in_policy)
    return fmt::format("Your organisation's sign-in policy at {} asks you to sign in there again.", provider);
  if (integration.status == ConnectionStatus::expired)
    return fmt::format("{} no longer accepts the access that you gave. Interviews can't be scheduled around your "
                       "calendar until you reconnect.", provider);
  if (reason == Reason::not_validated) return fmt::format("The access to {} hasn't been checked yet.", provider);
  if (reason == Reason::misconfigured && !integration.client.is_servers())
    return fmt::format("{} doesn't take the OAuth client of your organisation, through which you are connected. Your "
                       "organisation's administrator must mend it.", provider);
  if (reason == Reason::misconfigured)
    return "This server's connection to the provider is not set up correctly. Your administrator must mend it; "
           "reconnecting would not help.";
  if (reason == Reason::rate_limited) return fmt::format("{} asked us to slow down. Try again in a few minutes.", provider);
  if (reason == Reason::no_mailbox)
    return fmt::format("This account has no mailbox at {}, so it has no calendar either. Disconnect it and connect "
                       "another account.", provider);
  if (reason == Reason::access_refused)
    return fmt::format("{} refuses to show us your calendars at the moment. It is tried again by itself.", provider);
  if (reason == Reason::access_withdrawn) return fmt::format("{} refused to show us your calendars.", provider);
  return fmt::format("{} could not be reached to check your calendars.", provider);
}

std::optional<pages::Trouble> trouble(const Visitor& visitor) {
  const store::Integration& integration = *visitor.integration;
  if (integration.status == ConnectionStatus::connected) return std::nullopt;
  const bool expired = integration.status == ConnectionStatus::expired;
  return pages::Trouble{
      .text = trouble_text(integration),
      .since = integration.error_since
                   ? "Since " + pages::date_time_text(*integration.error_since, visitor.user.time_zone)
                   : std::string(),
      .offer_retry = !expired,
      .offer_reconnect = expired || integration.last_error == Reason::access_withdrawn ||
                         integration.last_error == Reason::sign_in_policy,
  };
}

// What the account may do with it; nothing where that is everything.
std::string access_text(const store::CalendarRow& calendar) {
  if (calendar.access_role == "freeBusyReader") return "availability only";
  if (!calendar.can_write) return "read only";
  return calendar.is_shared ? "you may add events" : "";
}

std::string calendar_detail(const store::CalendarRow& calendar) {
  if (calendar.gone) return "No longer in this account";
  const std::string access = access_text(calendar);
  if (!calendar.is_shared) return access.empty() ? "" : "Read only";
  return fmt::format("Shared {}, {}", calendar.owner.empty() ? "with you" : "by " + calendar.owner, access);
}

// A name that tells the calendar from the others: where it has none that can be seen, by the end of its id.
std::string shown_name(const store::CalendarRow& calendar) {
  constexpr size_t kShownOfId = 16;
  if (has_visible(calendar.name)) return calendar.name;
  const std::string& id = calendar.calendar_id;
  const std::string_view end = std::string_view(id).substr(id.size() - std::min(id.size(), kShownOfId));
  return fmt::format("Calendar without a name ({}{})", end.size() < id.size() ? "\u2026" : "",
                     clean_utf8(end, 3 * kShownOfId));
}

bool is_writable(const store::CalendarRow& calendar) { return calendar.can_write && !calendar.gone; }

// Why interviews can't be written now; empty where they can.
std::string destination_trouble(const store::Integration& integration,
                                const std::vector<store::CalendarRow>& calendars) {
  if (integration.calendar_id.empty()) return "No calendar is chosen that interviews are written to.";
  for (const store::CalendarRow& calendar : calendars) {
    if (calendar.calendar_id != integration.calendar_id) continue;
    if (calendar.gone)
      return fmt::format("Interviews were written to \u201c{}\u201d, which is no longer in this account.",
                         shown_name(calendar));
    if (!calendar.can_write)
      return fmt::format("Interviews were written to \u201c{}\u201d, which you may now only read.", shown_name(calendar));
    return {};
  }
  return "The calendar that interviews were written to is no longer in this account.";
}

pages::ListReading reading(const Settings& settings, const store::Integration& integration, store::ListReading reading) {
  if (reading == store::ListReading::none || integration.status == ConnectionStatus::expired) return pages::ListReading::none;
  // That what fails is tried again is said above, with what went wrong.
  if (reading == store::ListReading::later)
    return integration.status == ConnectionStatus::connected ? pages::ListReading::later : pages::ListReading::none;
  return settings.worker ? pages::ListReading::now : pages::ListReading::elsewhere;
}

}  // namespace

pages::Connected connected_view(const Settings& settings, const Visitor& visitor, const store::CalendarsAsStored& stored,
                                Instant now, const std::string& return_to) {
  const store::Integration& integration = *visitor.integration;
  const std::vector<store::CalendarRow>& calendars = stored.calendars;
  pages::Connected view{
      .integration_id = std::to_string(integration.id),
      .generation = std::to_string(integration.generation),
      .provider_id = std::string(to_string(integration.provider)),
      .provider_name = std::string(display_name(integration.provider)),
      .account = integration.account,
      .status_text = status_text(integration.status),
      .status = integration.status,
      .connected_at = integration.connected_at
                          ? pages::date_time_text(*integration.connected_at, visitor.user.time_zone)
                          : std::string(),
      .last_synced = integration.last_synced_at ? pages::relative_time(*integration.last_synced_at, now) : "not yet",
      .last_synced_iso = integration.last_synced_at ? pages::iso_text(*integration.last_synced_at) : std::string(),
      .calendars = {},
      .calendars_read = {},
      .calendars_read_iso = {},
      .reading = reading(settings, integration, stored.reading),
      .reload_url = with_return_to(std::string(kSettingsPath), return_to),
      .destination_trouble = calendars.empty() ? std::string() : destination_trouble(integration, calendars),
      .reconnect_url = start_url(integration.provider, return_to),
      .disconnect_url = std::string(kDisconnectPath),
      .trouble = trouble(visitor),
  };
  if (const auto read_at = list_read_at(calendars)) {
    view.calendars_read = pages::relative_time(*read_at, now);
    view.calendars_read_iso = pages::iso_text(*read_at);
  }
  view.calendars.reserve(calendars.size());
  for (const store::CalendarRow& calendar : calendars)
    view.calendars.push_back({.id = calendar.calendar_id,
                              .name = shown_name(calendar),
                              .color = calendar.color,
                              .detail = calendar_detail(calendar),
                              .primary = calendar.is_primary,
                              .checked = calendar.sync,
                              .shared = calendar.is_shared,
                              .gone = calendar.gone,
                              .writable = is_writable(calendar),
                              .destination = calendar.calendar_id == integration.calendar_id});
  return view;
}

std::vector<pages::ProviderCard> provider_cards(const Settings& settings, const Visitor& visitor,
                                                const std::string& return_to) {
  std::vector<pages::ProviderCard> cards;
  for (const std::string& name : visitor.offered) {
    const auto id = parse_provider(name);
    if (!id || !settings.providers.contains(*id)) continue;
    if (visitor.integration && visitor.integration->provider == *id) continue;
    cards.push_back({.id = name,
                     .name = std::string(display_name(*id)),
                     .available = true,
                     .connect_url = start_url(*id, return_to)});
  }
  return cards;
}

}  // namespace calint::site
