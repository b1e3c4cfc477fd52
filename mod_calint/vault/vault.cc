#include "vault/vault.h"

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/seal.h"

namespace calint::vault {
namespace {

constexpr size_t kSealIdBytes = 16;

// The associated data of one column. Owns its text; a crypto::Context only views it.
class Place {
 public:
  Place(std::string_view table, std::string_view column, const Owner& owner, std::string_view seal_id)
      : table_(table), column_(column), owner_(owner), seal_id_(seal_id),
        generation_(std::to_string(owner.generation)) {}

  crypto::Context context() const {
    return {table_, column_, owner_.organization_id, owner_.user_id, to_string(owner_.provider), seal_id_, generation_};
  }

 private:
  std::string_view table_;
  std::string_view column_;
  const Owner& owner_;
  std::string_view seal_id_;
  std::string generation_;
};

constexpr std::string_view kIntegrations = "calendar_integrations";
constexpr std::string_view kAccess = "access_token_encrypted";
constexpr std::string_view kRefresh = "refresh_token_encrypted";

// Told apart from what a provider sent: this is ours, and says nothing about the connection.
Error does_not_open(Error error, const std::string& what) {
  if (error.fault == Fault::corrupt) error.detail = Detail::unopened;
  error.what = what + ": " + error.what;
  return error;
}

Error does_not_open(Error error, const store::Integration& integration) {
  return does_not_open(std::move(error), "a token of integration " + std::to_string(integration.id));
}

Place revocation_place(const Owner& owner, std::string_view seal_id) {
  return {"calendar_jobs", "token_encrypted", owner, seal_id};
}

// The associated data of a client's secret. `version` is viewed, as everything else.
crypto::Context client_context(const store::ClientVersion& client, const std::string& version) {
  return {"calendar_oauth_clients", "secret_encrypted", client.organization_id, to_string(client.provider),
          client.client_id,         version,            client.seal_id};
}

// "<project's number>-<name>.<domain>", where grants go by project.
std::string_view revoked_together(ProviderId provider, std::string_view client_id) {
  if (!facts(provider).grants_by_project) return client_id;
  const std::string_view project = client_id.substr(0, client_id.find('-'));
  const bool is_number = !project.empty() && project.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? project : client_id;
}

}  // namespace

Result<store::SealedTokens> seal_tokens(const crypto::Keyset& keyset, const Owner& owner, const oauth::Tokens& tokens,
                                        const std::optional<Secret>& kept_refresh_token) {
  store::SealedTokens sealed{.access_token = {},
                             .refresh_token = std::nullopt,
                             .seal_id = crypto::random_token(kSealIdBytes),
                             .expires_at = tokens.expires_at};
  auto access =
      crypto::seal(keyset, Place(kIntegrations, kAccess, owner, sealed.seal_id).context(), tokens.access_token);
  if (!access) return std::move(access).error();
  sealed.access_token = std::move(*access);
  const std::optional<Secret>& refresh_token = tokens.refresh_token ? tokens.refresh_token : kept_refresh_token;
  if (refresh_token) {
    auto refresh =
        crypto::seal(keyset, Place(kIntegrations, kRefresh, owner, sealed.seal_id).context(), *refresh_token);
    if (!refresh) return std::move(refresh).error();
    sealed.refresh_token = std::move(*refresh);
  }
  return sealed;
}

Result<PlainTokens> open_tokens(const crypto::Keyset& keyset, const store::Integration& integration) {
  if (!integration.access_token_encrypted)
    return Error{.fault = Fault::corrupt, .what = "an active integration has no token"};
  const Owner owner{integration.organization_id, integration.user_id, integration.provider, integration.generation};
  PlainTokens plain;
  auto access = crypto::open(keyset, Place(kIntegrations, kAccess, owner, integration.seal_id).context(),
                             *integration.access_token_encrypted);
  if (!access) return does_not_open(std::move(access).error(), integration);
  plain.access_token = std::move(*access);
  if (integration.refresh_token_encrypted) {
    auto refresh = crypto::open(keyset, Place(kIntegrations, kRefresh, owner, integration.seal_id).context(),
                                *integration.refresh_token_encrypted);
    if (!refresh) return does_not_open(std::move(refresh).error(), integration);
    plain.refresh_token = std::move(*refresh);
  }
  return plain;
}

Result<store::Revocation> seal_revocation(const crypto::Keyset& keyset, const Owner& owner, const GrantKey& grant,
                                          const Secret& token) {
  // A job has no generation; the seal id alone ties the copy to its row.
  const Owner job_owner{owner.organization_id, owner.user_id, owner.provider, 0};
  store::Revocation revocation{.provider = std::string(to_string(owner.provider)),
                               .token_encrypted = {},
                               .seal_id = crypto::random_token(kSealIdBytes),
                               .grant_organization_id = grant.organization_id,
                               .account_key = grant.account_key};
  auto sealed = crypto::seal(keyset, revocation_place(job_owner, revocation.seal_id).context(), token);
  if (!sealed) return std::move(sealed).error();
  revocation.token_encrypted = std::move(*sealed);
  return revocation;
}

Result<Secret> open_revocation(const crypto::Keyset& keyset, const store::RevocationJob& job) {
  const Owner owner{job.organization_id, job.user_id, job.provider, 0};
  return crypto::open(keyset, revocation_place(owner, job.seal_id).context(), job.token_encrypted);
}

Result<store::ClientVersion> seal_client_secret(const crypto::Keyset& keyset, store::ClientVersion client,
                                                const Secret& secret) {
  client.seal_id = crypto::random_token(kSealIdBytes);
  auto sealed = crypto::seal(keyset, client_context(client, std::to_string(client.version)), secret);
  if (!sealed) return std::move(sealed).error();
  client.secret_encrypted = std::move(*sealed);
  return client;
}

Result<Secret> open_client_secret(const crypto::Keyset& keyset, const store::ClientVersion& client) {
  const std::string what = "the secret of organisation " + client.organization_id + "'s OAuth client for " +
                           std::string(to_string(client.provider)) + ", version " + std::to_string(client.version);
  if (!client.secret_encrypted)
    return Error{.fault = Fault::corrupt, .what = what + ": there is none", .detail = Detail::unopened};
  const std::string version = std::to_string(client.version);
  auto secret = crypto::open(keyset, client_context(client, version), *client.secret_encrypted);
  if (!secret) return does_not_open(std::move(secret).error(), what);
  return secret;
}

std::string account_key(const crypto::Keyset& keyset, ProviderId provider, const std::string& client_id,
                        const std::string& subject) {
  return base64url_encode(
      crypto::hmac_sha256_parts(keyset.index_key().reveal(),
                                {"account", to_string(provider), revoked_together(provider, client_id), subject}));
}

}  // namespace calint::vault
