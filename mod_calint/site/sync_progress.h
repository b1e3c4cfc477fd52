// What the settings page says after Sync Now: how far it has come, then what came of it. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "pages/pages.h"
#include "site/exchange.h"
#include "store/syncs.h"

namespace calint::site {

// The page looks again by itself after this time, so many times; then a person may.
inline constexpr std::chrono::seconds kLookEvery{2};
inline constexpr int kMostLooks = 10;

struct SyncProgress {
  pages::Banner banner;
  std::string next;  // where the page leads to by itself after kLookEvery; empty: nowhere
};

// `looks`: how often the page has looked by itself, as its query says; anything else counts as often enough. Nothing
// where no calendar is ticked.
std::optional<SyncProgress> sync_progress(const Visit& visit, const std::string& provider,
                                          const std::vector<store::SyncRow>& syncs, const std::string* looks,
                                          const std::string& return_to);

}  // namespace calint::site
