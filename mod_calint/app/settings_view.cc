#include "app/settings_view.h"

#include <fmt/format.h>

#include "app/paths.h"
#include "pages/time_text.h"

namespace calint::app {
namespace {

std::string start_url(ProviderId id, const std::string& return_to) {
  const std::string path = start_path(id);
  return return_to.empty() ? path : with_query(path, "return_to", return_to);
}

std::string status_text(const std::string& status) {
  if (status == "connected") return "Connected";
  if (status == "expired") return "Expired";
  return "Error";
}

// What last_error's words mean to a person.
std::string trouble_text(const store::Integration& integration) {
  const std::string_view provider = display_name(integration.provider);
  const std::string& reason = integration.last_error;
  if (integration.status == "expired")
    return reason == "sign_in_policy"
               ? fmt::format("Your organisation's sign-in policy at {} asks you to sign in there again.", provider)
               : fmt::format("{} no longer accepts the access that you gave. Interviews can't be scheduled around your "
                             "calendar until you reconnect.", provider);
  if (reason == "not_validated") return fmt::format("The access to {} hasn't been checked yet.", provider);
  if (reason == "operator" && !integration.client.is_servers())
    return fmt::format("{} doesn't take the OAuth client of your organisation, through which you are connected. Your "
                       "organisation's administrator must mend it.", provider);
  if (reason == "operator")
    return "This server's connection to the provider is not set up correctly. Your administrator must mend it; "
           "reconnecting would not help.";
  if (reason == "rate_limited") return fmt::format("{} asked us to slow down. Try again in a few minutes.", provider);
  if (reason == "no_mailbox")
    return fmt::format("This account has no mailbox at {}, so it has no calendar either. Disconnect it and connect "
                       "another account.", provider);
  if (reason == "access_withdrawn") return fmt::format("{} refused to show us your calendars.", provider);
  return fmt::format("{} could not be reached to check your calendars.", provider);
}

std::optional<pages::Trouble> trouble(const Visitor& visitor) {
  const store::Integration& integration = *visitor.integration;
  if (integration.status == "connected") return std::nullopt;
  const bool expired = integration.status == "expired";
  return pages::Trouble{
      .text = trouble_text(integration),
      .since = integration.error_since
                   ? "Since " + pages::date_time_text(*integration.error_since, visitor.user.time_zone)
                   : std::string(),
      .offer_retry = !expired,
      .offer_reconnect = expired || integration.last_error == "access_withdrawn",
  };
}

std::string calendar_detail(const store::CalendarRow& calendar) {
  if (calendar.gone) return "no longer in this account";
  if (calendar.access_role == "freeBusyReader") return "shared with you, availability only";
  if (calendar.access_role == "reader") return "read only";
  return {};
}

}  // namespace

pages::Connected connected_view(const Visitor& visitor, const std::vector<store::CalendarRow>& calendars, Instant now,
                                const std::string& return_to) {
  const store::Integration& integration = *visitor.integration;
  pages::Connected view{
      .integration_id = std::to_string(integration.id),
      .generation = std::to_string(integration.generation),
      .provider_id = std::string(to_string(integration.provider)),
      .provider_name = std::string(display_name(integration.provider)),
      .account = integration.account,
      .status = status_text(integration.status),
      .status_id = integration.status,
      .connected_at = integration.connected_at
                          ? pages::date_time_text(*integration.connected_at, visitor.user.time_zone)
                          : std::string(),
      .last_synced = integration.last_synced_at ? pages::relative_time(*integration.last_synced_at, now) : "not yet",
      .last_synced_iso = integration.last_synced_at ? pages::iso_text(*integration.last_synced_at) : std::string(),
      .calendars = {},
      .reconnect_url = start_url(integration.provider, return_to),
      .disconnect_url = std::string(kDisconnectPath),
      .trouble = trouble(visitor),
  };
  for (const store::CalendarRow& calendar : calendars)
    view.calendars.push_back({.id = calendar.calendar_id,
                              .name = calendar.name,
                              .color = calendar.color,
                              .detail = calendar_detail(calendar),
                              .primary = calendar.is_primary,
                              .checked = calendar.sync});
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

}  // namespace calint::app
