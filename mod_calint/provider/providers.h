// The providers that there are: a further one is its files in this folder, with a line in providers.cc and one in
// base/provider_id.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/reader.h"
#include "net/transport.h"
#include "provider/provider.h"

namespace calint {

// Reads the calendar data that the provider answers with (calintctl explain).
calendar::Reader calendar_reader(ProviderId id);

// Where a provider is, if not at its usual addresses. Empty ones mean those.
struct ProviderAddresses {
  std::string tenant;                 // Outlook's; empty: common
  std::string authorize_url;
  std::string token_url;
  std::string revoke_url;
  std::string api_url;
  std::optional<std::string> issuer;  // unset: the provider's default; empty: not checked
  std::vector<std::string> api_hosts;
};

// The transport outlives the result.
Provider make_provider(ProviderId id, const ProviderAddresses& addresses, Transport& transport);

}  // namespace calint
