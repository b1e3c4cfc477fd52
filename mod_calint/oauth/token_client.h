// Asks a token endpoint (RFC 6749, 3.2).
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "net/transport.h"
#include "oauth/token_response.h"
#include "oauth/tokens.h"

namespace calint::oauth {

struct TokenRequest {
  std::string url;
  Secret form;  // the parameters, client authentication included (RFC 6749, 2.3.1)
  RefineRefusal refine = nullptr;
};

// One POST. Errors of parse_token_response and of the transport, whose nothing_sent is passed on.
Result<Tokens> ask_for_tokens(Transport& transport, TokenRequest request, Instant now, Deadline deadline);

}  // namespace calint::oauth
