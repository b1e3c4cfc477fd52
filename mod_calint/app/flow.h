// An OAuth flow, from the start to its outcome.
#pragma once

#include <string>

#include "app/visitor.h"
#include "oauth/state.h"
#include "provider/provider.h"
#include "store/used_states.h"

namespace calint::app {

// GET and POST /calendar/auth/{provider}.
Response start_flow(Runtime& runtime, const Call& call, ProviderId provider);

// GET /calendar/auth/{provider}/callback.
Response end_flow(Runtime& runtime, const Call& call, ProviderId provider);

// What a callback works with once its state was accepted and taken.
struct Flow {
  Runtime& runtime;
  const Call& call;
  Visitor visitor;
  oauth::FlowState state;
  store::FlowKey key;
  CalendarProvider& provider;
  store::ClientVersion client = {};  // that the flow began with; none where the provider knows none

  store::Actor actor() const { return visitor.actor(call.request); }
  std::string return_to() const;
};

// Stores what the provider granted, validates it, and returns the notice that the flow ends with; "switch" where
// another account or connection needs the user's word first (contract, section 4, steps 7 and 8). Errors:
// database trouble; nothing is known to be stored then, and the grant is queued for revocation where that was possible.
inline constexpr std::string_view kAskToSwitch = "switch";
Result<std::string> store_grant(Flow& flow, Grant grant);

// A grant that was given and isn't stored is withdrawn by the grant rule: queued, never done at once. Where the
// provider has no revocation, it is audited.
void give_up_grant(Flow& flow, const Grant& grant);

}  // namespace calint::app
