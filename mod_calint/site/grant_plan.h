// What becomes of what the provider granted. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store/integrations.h"

namespace calint::site {

// What the user had before them when they began.
struct Aim {
  bool may_switch = false;     // they agreed that this integration is replaced
  int64_t integration_id = 0;  // 0: none was active
  int64_t generation = 0;
  std::string return_to;
};

enum class GrantPlan { first, reconnect, switch_account, ask };

// Given what is connected now, and whether that is of the account that granted. The same account once more replaces
// nothing that the user would have to be asked about: the last one to complete wins.
GrantPlan plan_grant(const Aim& aim, const std::optional<store::Integration>& current, bool is_same_account);

}  // namespace calint::site
