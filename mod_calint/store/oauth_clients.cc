#include "store/oauth_clients.h"

#include "store/columns.h"
#include "store/sql/audit.h"
#include "store/sql/oauth_clients.h"

namespace calint::store {
namespace {

using postgres::or_null;

Result<std::optional<ClientVersion>> one_client(Result<postgres::Rows> rows) {
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<ClientVersion>();
  auto client = client_from(*rows, 0);
  if (!client) return std::move(client).error();
  return std::optional<ClientVersion>(std::move(*client));
}

std::vector<std::string> providers_with_clients() {
  std::vector<std::string> names;
  for (const ProviderFacts& one : kProviders)
    if (one.has_oauth) names.emplace_back(one.name);
  return names;
}

// Begins a change: the lock, and the end of the version that was seen.
std::vector<postgres::Statement> begin_change(const std::string& organization, ProviderId provider,
                                              const ClientChange& change) {
  return {sql::lock_clients{.organization_id = organization, .provider = to_string(provider)},
          sql::end_client{.organization_id = organization,
                          .provider = to_string(provider),
                          .seen_version = change.seen_version}};
}

}  // namespace

Result<std::optional<ClientVersion>> find_client_version(postgres::Pool& pool, const std::string& organization,
                                                         ProviderId provider, int64_t version, Deadline deadline) {
  return one_client(pool.query(
      sql::find_client_version{
          .organization_id = organization, .provider = to_string(provider), .version = version},
      deadline));
}

Result<std::optional<ClientVersion>> find_newer_secret(postgres::Pool& pool, const ClientVersion& client,
                                                       Deadline deadline) {
  return one_client(pool.query(sql::find_newer_secret{.organization_id = client.organization_id,
                                                      .provider = to_string(client.provider),
                                                      .client_id = client.client_id,
                                                      .tenant = client.tenant,
                                                      .version = client.version},
                               deadline));
}

Result<std::vector<ClientUse>> list_client_use(postgres::Pool& pool, const std::string& organization,
                                               Deadline deadline) {
  auto rows = pool.query(sql::list_client_use{.organization_id = organization, .providers = providers_with_clients()},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ClientUse> uses;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto client = client_from(*rows, row);
    if (!client) return std::move(client).error();
    uses.push_back({.provider = *parse_provider(rows->text(row, "provider")),
                    .own = client->id == 0 ? std::nullopt : std::optional(std::move(*client)),
                    .since = rows->maybe_instant(row, "created_at"),
                    .latest_version = rows->integer(row, "latest"),
                    .people = rows->integer(row, "present"),
                    .people_before = rows->integer(row, "before"),
                    .refused = rows->integer(row, "refused")});
  }
  return uses;
}

Status save_client(postgres::Pool& pool, const ClientVersion& client, const ClientChange& change, Deadline deadline) {
  std::vector<postgres::Statement> statements = begin_change(client.organization_id, client.provider, change);
  statements.push_back(sql::insert_client{.organization_id = client.organization_id,
                                          .provider = to_string(client.provider),
                                          .client_id = client.client_id,
                                          .version = client.version,
                                          .tenant = or_null(client.tenant),
                                          .secret = client.secret_encrypted,
                                          .seal_id = client.seal_id});
  statements.push_back(sql::audit_client{.organization_id = client.organization_id,
                                         .actor_id = or_null(change.actor.user_id),
                                         .provider = to_string(client.provider),
                                         .client_id = client.client_id,
                                         .version = client.version,
                                         .tenant = or_null(client.tenant),
                                         .ip_address = or_null(change.actor.ip_address),
                                         .user_agent = or_null(change.actor.user_agent)});
  return status_of(pool.transaction(std::move(statements), deadline));
}

Status remove_client(postgres::Pool& pool, const std::string& organization, ProviderId provider,
                     const ClientChange& change, Deadline deadline) {
  std::vector<postgres::Statement> statements = begin_change(organization, provider, change);
  statements.push_back(sql::audit_client{.organization_id = organization,
                                         .actor_id = or_null(change.actor.user_id),
                                         .provider = to_string(provider),
                                         .client_id = nullptr,
                                         .version = nullptr,
                                         .tenant = nullptr,
                                         .ip_address = or_null(change.actor.ip_address),
                                         .user_agent = or_null(change.actor.user_agent)});
  return status_of(pool.transaction(std::move(statements), deadline));
}

}  // namespace calint::store
