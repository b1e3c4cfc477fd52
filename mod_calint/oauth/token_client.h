// Asks a token endpoint (RFC 6749, 3.2).
#pragma once

#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/result.h"
#include "net/transport.h"
#include "oauth/tokens.h"

namespace calint::oauth {

struct TokenRequest {
  std::string url;
  std::vector<FormField> parameters;  // wiped by ask_for_tokens once they are encoded
};

// One POST. Errors of parse_token_response and of the transport, whose nothing_sent is passed on.
Result<Tokens> ask_for_tokens(Transport& transport, TokenRequest request, Instant now, Deadline deadline);

}  // namespace calint::oauth
