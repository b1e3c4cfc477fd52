#include "site/flow.h"

#include "base/paths.h"
#include "base/reaction.h"
#include "site/answers.h"
#include "site/links.h"

namespace calint::site {

Response outcome(const Flow& flow, const store::FlowOutcome& how) {
  const Notice* notice = std::get_if<Notice>(&how);
  if (notice == nullptr) return redirect(303, switch_question(flow.provider.id, true, flow.aim.return_to));
  const std::string& came_from = flow.aim.return_to;
  const bool goes_back = has_ended_well(*notice) && !came_from.empty();
  return finish_at(goes_back ? came_from : with_return_to(std::string(kSettingsPath), came_from), *notice);
}

Response end_with(const Flow& flow, const store::FlowOutcome& how) {
  auto noted = store::end_flow(flow.runtime.pool(), flow.key, how, flow.visit.deadline);
  if (!noted) log_failure(flow.visit.log, noted.error(), "a flow's outcome could not be noted");
  return outcome(flow, how);
}

}  // namespace calint::site
