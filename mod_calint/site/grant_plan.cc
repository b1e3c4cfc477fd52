#include "site/grant_plan.h"

namespace calint::site {

GrantPlan plan_grant(const Aim& aim, const std::optional<store::Integration>& current, bool is_same_account) {
  if (!current) return aim.integration_id == 0 ? GrantPlan::first : GrantPlan::ask;
  if (is_same_account) return GrantPlan::reconnect;
  const bool as_seen = current->id == aim.integration_id && current->generation == aim.generation;
  return as_seen && aim.may_switch ? GrantPlan::switch_account : GrantPlan::ask;
}

}  // namespace calint::site
