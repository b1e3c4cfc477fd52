// A flow from the moment when its answer is believed: a callback whose state was accepted and taken, or the trial of a
// password.
#pragma once

#include "provider/provider.h"
#include "site/grant_plan.h"
#include "site/visitor.h"
#include "store/flows.h"

namespace calint::site {

struct Flow {
  Runtime& runtime;
  const Visit& visit;
  Visitor visitor;
  Aim aim;
  store::FlowKey key;
  const Provider& provider;
  store::ClientVersion client = {};  // that the flow began with; none where the provider knows none

  store::Actor actor() const { return visitor.actor(visit.request); }
};

// Where a flow's outcome leads, also on a reload: one that ended well to where the user came from, any other to their
// page, which says what happened and links back (contract, section 4).
Response outcome(const Flow& flow, const store::FlowOutcome& how);
// The same, noting the outcome for reloads.
Response end_with(const Flow& flow, const store::FlowOutcome& how);

}  // namespace calint::site
