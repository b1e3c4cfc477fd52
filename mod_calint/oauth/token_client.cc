#include "oauth/token_client.h"

#include "oauth/token_response.h"

namespace calint::oauth {

Result<Tokens> ask_for_tokens(Transport& transport, TokenRequest request, Instant now, Deadline deadline) {
  auto response = transport.send({.method = "POST",
                                  .url = std::move(request.url),
                                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                              {"Accept", "application/json"}},
                                  .bearer = std::nullopt,
                                  .body = std::move(request.form)},
                                 deadline);
  if (!response) return std::move(response).error();
  return parse_token_response(*response, now, request.refine);
}

}  // namespace calint::oauth
