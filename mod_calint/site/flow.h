// An OAuth flow, from the start to its outcome.
#pragma once

#include <string>

#include "provider/provider.h"
#include "site/visitor.h"
#include "store/flows.h"

namespace calint::site {

// GET and POST /calendar/auth/{provider} of a provider with OAuth.
Response start_flow(Runtime& runtime, const Visit& visit, ProviderId provider);

// GET and POST /calendar/auth/{provider} of a provider that takes a password: its page, and the trial of what was
// typed there.
Response password_flow(Runtime& runtime, const Visit& visit, ProviderId provider);

// GET /calendar/auth/{provider}/callback.
Response end_flow(Runtime& runtime, const Visit& visit, ProviderId provider);

// How a user is asked to name that password at the provider, and finds it again to withdraw it.
std::string password_label(const Runtime& runtime, const Visit& visit);

// The answer where the provider isn't configured, or the organisation doesn't offer it; nullopt otherwise.
std::optional<Response> unless_offered(Runtime& runtime, const Visit& visit, const Visitor& visitor, ProviderId provider);

// What the user had before them when they began.
struct Aim {
  bool may_switch = false;     // they agreed that this integration is replaced
  int64_t integration_id = 0;  // 0: none was active
  int64_t generation = 0;
  std::string return_to;
};

// What a callback works with once its state was accepted and taken, or the trial of a password.
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

struct Ended {
  store::FlowOutcome outcome;
  bool is_noted = false;  // for reloads
};

// Stores what the provider granted and validates it; asks the user first where it is of another account or connection
// (contract, section 4, steps 7 and 8). Errors: database trouble; nothing is known to be stored then, and the grant is
// queued for revocation where that was possible.
Result<Ended> store_grant(Flow& flow, Grant grant);

// Where a flow's outcome leads, also on a reload: one that ended well to where the user came from, any other to their
// page, which says what happened and links back (contract, section 4).
Response outcome(const Flow& flow, const store::FlowOutcome& how);
// The same, noting the outcome for reloads.
Response end_with(const Flow& flow, const store::FlowOutcome& how);
// store_grant and the answer to it.
Response store_and_end(Flow& flow, Grant grant);

// A grant that was given and isn't stored is withdrawn by the grant rule: queued, never done at once. Where the
// provider has no revocation, it is audited.
void give_up_grant(Flow& flow, const Grant& grant);

}  // namespace calint::site
