// The list of providers, by hand: a further one is a class in provider/ and a line in providers.cc.
#pragma once

#include <memory>

#include "app/settings.h"
#include "net/transport.h"
#include "provider/provider.h"

namespace calint::app {

// nullptr for a provider that this build doesn't serve. The transport outlives the result.
std::unique_ptr<CalendarProvider> make_provider(ProviderId id, const ProviderSettings& settings, Transport& transport);

// The client that calls for `settings` act for.
OAuthClient oauth_client(const ProviderSettings& settings);

}  // namespace calint::app
