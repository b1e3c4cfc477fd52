#include "integration/oauth_clients.h"

#include <fmt/format.h>

#include "base/paths.h"
#include "store/oauth_clients.h"
#include "vault/vault.h"

namespace calint::integration {
namespace {

store::ClientVersion servers_client(const Runtime& runtime, ProviderId provider) {
  return {.provider = provider, .client_id = runtime.provider_settings(provider)->client_id};
}

}  // namespace

store::ClientVersion present_client(const Runtime& runtime, const std::optional<store::ClientVersion>& own,
                                    ProviderId provider) {
  return own ? *own : servers_client(runtime, provider);
}

Result<store::ClientVersion> named_client(Runtime& runtime, const Call& call, ProviderId provider, int64_t version,
                                          const std::string& organization_id,
                                          const std::optional<store::ClientVersion>& own) {
  if (version == 0) return servers_client(runtime, provider);
  if (own && own->version == version) return *own;
  auto found = store::find_client_version(runtime.pool(), organization_id, provider, version, call.deadline);
  if (!found) return std::move(found).error();
  if (!*found)
    return Error{
        .fault = Fault::bad_input, .what = "the state belongs to another OAuth client", .detail = Detail::state};
  return std::move(**found);
}

Result<OAuthClient> credentials(const Runtime& runtime, const store::ClientVersion& client) {
  if (client.is_servers()) {
    const ProviderSettings* settings = runtime.provider_settings(client.provider);
    if (settings == nullptr || settings->client_id != client.client_id)
      return Error{.fault = Fault::operator_fault,
                   .what = "the OAuth client that the integration was made with is not configured",
                   .code = "unknown_client"};
    return settings->client();
  }
  auto secret = vault::open_client_secret(runtime.keyset(), client);
  if (!secret) return std::move(secret).error();
  return OAuthClient{.client_id = client.client_id, .client_secret = std::move(*secret), .tenant = client.tenant};
}

std::string describe(const store::ClientVersion& client) {
  if (client.is_servers()) return "this server's OAuth client";
  return fmt::format("organisation {}'s own OAuth client {}, version {}", client.organization_id, client.client_id,
                     client.version);
}

std::string where_to_mend(const store::ClientVersion& client) {
  return client.is_servers() ? "CalIntClientID, its secret or certificate"
                             : fmt::format("its id and secret on {}", kOrganizationPath);
}

}  // namespace calint::integration
