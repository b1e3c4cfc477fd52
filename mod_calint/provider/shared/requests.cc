#include "provider/shared/requests.h"

namespace calint::provider {

std::vector<FormField> authorize_parameters(const AuthorizeParameters& parameters, std::string scope,
                                            const std::vector<FormField>& besides) {
  std::vector<FormField> fields = {
      {"client_id", parameters.client_id},
      {"redirect_uri", parameters.redirect_uri},
      {"response_type", "code"},
      {"scope", std::move(scope)},
      {"state", parameters.state},
      {"nonce", parameters.nonce},
      {"code_challenge", parameters.code_challenge},
      {"code_challenge_method", "S256"},
  };
  fields.insert(fields.end(), besides.begin(), besides.end());
  if (!parameters.login_hint.empty()) fields.emplace_back("login_hint", parameters.login_hint);
  return fields;
}

}  // namespace calint::provider
