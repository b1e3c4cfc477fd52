#include "oauth/token_client.h"

#include "oauth/token_response.h"

namespace calint::oauth {

Result<Tokens> ask_for_tokens(Transport& transport, TokenRequest request, Instant now, Deadline deadline) {
  Secret body(form_encode(request.parameters));
  for (FormField& parameter : request.parameters) wipe(parameter.second);
  auto response = transport.send({.method = "POST",
                                  .url = request.url,
                                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                              {"Accept", "application/json"}},
                                  .bearer = std::nullopt,
                                  .body = std::move(body)},
                                 deadline);
  if (!response) return std::move(response).error();
  return parse_token_response(*response, now);
}

}  // namespace calint::oauth
