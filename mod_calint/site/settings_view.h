// From rows to what the settings page shows. Pure.
#pragma once

#include <string>
#include <vector>

#include "pages/pages.h"
#include "runtime/settings.h"
#include "site/visitor.h"
#include "store/calendars.h"

namespace calint::site {

pages::Connected connected_view(const Settings& settings, const Visitor& visitor, const store::CalendarsAsStored& stored,
                                Instant now, const std::string& return_to);

// The cards of the providers that are both configured and offered; the connected one is left out.
std::vector<pages::ProviderCard> provider_cards(const Settings& settings, const Visitor& visitor,
                                                const std::string& return_to);

}  // namespace calint::site
