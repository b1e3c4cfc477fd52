// What the provider granted becomes an integration, or is given up (contract, section 4, steps 7 and 8).
#pragma once

#include "site/flow.h"

namespace calint::site {

// Stores what the provider granted and validates it, or asks the user first where it is of another account or
// connection; and answers. Where nothing is stored, the grant is given up.
Response store_and_end(Flow& flow, const Grant& grant);

// A grant that was given and isn't stored is withdrawn by the grant rule: queued, never done at once. Where the
// provider has no revocation, it is audited.
void give_up_grant(Flow& flow, const Grant& grant);

}  // namespace calint::site
