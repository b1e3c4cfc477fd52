#include "provider/providers.h"

#include "base/url.h"
#include "calendar/icalendar.h"
#include "provider/apple/apple.h"
#include "provider/google/event_series.h"
#include "provider/google/google.h"
#include "provider/outlook/event_series.h"
#include "provider/outlook/outlook.h"

namespace calint {
namespace {

void override_with(std::string& value, const std::string& configured) {
  if (!configured.empty()) value = configured;
}

// Where a provider with OAuth is.
template <typename Options>
Options oauth_options(const ProviderAddresses& addresses) {
  Options options;
  override_with(options.authorize_url, addresses.authorize_url);
  override_with(options.token_url, addresses.token_url);
  override_with(options.api_url, addresses.api_url);
  if (addresses.issuer) options.issuer = *addresses.issuer;
  return options;
}

Provider make_google(const ProviderAddresses& addresses, Transport& transport) {
  auto options = oauth_options<google::Options>(addresses);
  override_with(options.revoke_url, addresses.revoke_url);
  return google::make_provider(options, transport);
}

Provider make_outlook(const ProviderAddresses& addresses, Transport& transport) {
  auto options = oauth_options<outlook::Options>(addresses);
  override_with(options.tenant, addresses.tenant);
  return outlook::make_provider(options, transport);
}

bool has_same_origin(const std::string& a, const std::string& b) {
  const auto one = parse_url(a), other = parse_url(b);
  return one && other && one->origin() == other->origin();
}

// Another server's passwords are none of iCloud's business.
Provider make_apple(const ProviderAddresses& addresses, Transport& transport) {
  apple::Options options;
  const bool other_server = !addresses.api_url.empty() && !has_same_origin(addresses.api_url, options.api_url);
  override_with(options.api_url, addresses.api_url);
  if (other_server || !addresses.api_hosts.empty()) options.api_hosts = addresses.api_hosts;
  return apple::make_provider(options, transport);
}

}  // namespace

calendar::Reader calendar_reader(ProviderId id) {
  switch (id) {
    case ProviderId::google: return google::read_events;
    case ProviderId::outlook: return outlook::read_events;
    case ProviderId::apple: break;
  }
  return calendar::read_icalendar;
}

Provider make_provider(ProviderId id, const ProviderAddresses& addresses, Transport& transport) {
  switch (id) {
    case ProviderId::google: return make_google(addresses, transport);
    case ProviderId::outlook: return make_outlook(addresses, transport);
    case ProviderId::apple: break;
  }
  return make_apple(addresses, transport);
}

}  // namespace calint
