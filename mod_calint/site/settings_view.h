// From rows to what the settings page shows, in the language of the visit. Does no I/O.
#pragma once

#include <string>
#include <vector>

#include "pages/pages.h"
#include "runtime/runtime.h"
#include "site/visitor.h"
#include "store/calendars.h"
#include "store/interviews.h"
#include "store/syncs.h"

namespace calint::site {

pages::Connected connected_view(const Runtime& runtime, const Visit& visit, const Visitor& visitor,
                                const store::CalendarsAsStored& stored, const std::vector<store::SyncRow>& syncs,
                                const std::string& return_to);

void show_stranded(const Visit& visit, const Visitor& visitor, const store::StrandedInterviews& stranded,
                   pages::SettingsPage& page);

// The cards of the providers that are both configured and offered; the connected one is left out.
std::vector<pages::ProviderCard> provider_cards(const Settings& settings, const Visit& visit, const Visitor& visitor,
                                                const std::string& return_to);

}  // namespace calint::site
