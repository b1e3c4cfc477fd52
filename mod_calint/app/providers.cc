#include "app/providers.h"

#include "base/url.h"
#include "provider/apple.h"
#include "provider/google.h"
#include "provider/outlook.h"

namespace calint::app {
namespace {

void override_with(std::string& value, const std::string& configured) {
  if (!configured.empty()) value = configured;
}

std::unique_ptr<CalendarProvider> make_google(const ProviderSettings& settings, Transport& transport) {
  GoogleOptions options;
  override_with(options.authorize_url, settings.authorize_url);
  override_with(options.token_url, settings.token_url);
  override_with(options.revoke_url, settings.revoke_url);
  override_with(options.api_url, settings.api_url);
  if (settings.issuer) options.issuer = *settings.issuer;
  return std::make_unique<Google>(std::move(options), transport);
}

std::unique_ptr<CalendarProvider> make_outlook(const ProviderSettings& settings, Transport& transport) {
  OutlookOptions options;
  override_with(options.tenant, settings.tenant);
  override_with(options.authorize_url, settings.authorize_url);
  override_with(options.token_url, settings.token_url);
  override_with(options.api_url, settings.api_url);
  if (settings.issuer) options.issuer = *settings.issuer;
  return std::make_unique<Outlook>(std::move(options), transport);
}

bool has_same_origin(const std::string& a, const std::string& b) {
  const auto one = parse_url(a), other = parse_url(b);
  return one && other && one->origin() == other->origin();
}

// Another server's passwords are none of iCloud's business.
std::unique_ptr<CalendarProvider> make_apple(const ProviderSettings& settings, Transport& transport) {
  AppleOptions options;
  const bool other_server = !settings.api_url.empty() && !has_same_origin(settings.api_url, options.api_url);
  override_with(options.api_url, settings.api_url);
  if (other_server || !settings.api_hosts.empty()) options.api_hosts = settings.api_hosts;
  return std::make_unique<Apple>(std::move(options), transport);
}

}  // namespace

std::unique_ptr<CalendarProvider> make_provider(ProviderId id, const ProviderSettings& settings, Transport& transport) {
  switch (id) {
    case ProviderId::google: return make_google(settings, transport);
    case ProviderId::outlook: return make_outlook(settings, transport);
    case ProviderId::apple: return make_apple(settings, transport);
  }
  return nullptr;
}

OAuthClient oauth_client(const ProviderSettings& settings) {
  return {.client_id = settings.client_id,
          .client_secret = settings.client_secret,
          .certificate = settings.certificate};
}

}  // namespace calint::app
