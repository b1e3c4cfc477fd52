#include "store/rekey.h"

#include "store/columns.h"

namespace calint::store {
namespace {

// The key id stands behind the version byte (crypto/seal.h).
#define CALINT_KEY_OF(column) "encode(substring(" column " FROM 2 FOR 4), 'hex')"

#define CALINT_SEALED                                                                                        \
  "(SELECT " CALINT_KEY_OF("access_token_encrypted") " AS key FROM calendar_integrations"                    \
  " WHERE access_token_encrypted IS NOT NULL"                                                                \
  " UNION ALL SELECT " CALINT_KEY_OF("refresh_token_encrypted") " FROM calendar_integrations"                \
  " WHERE refresh_token_encrypted IS NOT NULL"                                                               \
  " UNION ALL SELECT " CALINT_KEY_OF("secret_encrypted") " FROM calendar_oauth_clients"                      \
  " WHERE secret_encrypted IS NOT NULL"                                                                      \
  " UNION ALL SELECT " CALINT_KEY_OF("token_encrypted") " FROM calendar_jobs WHERE token_encrypted IS NOT NULL) s"

Result<int64_t> count_of(Result<postgres::Rows> rows) {
  if (!rows) return std::move(rows).error();
  return rows->integer(0, "count");
}

Result<bool> swapped(Result<postgres::Rows> rows) {
  if (!rows) return std::move(rows).error();
  return rows->affected() == 1;
}

}  // namespace

Result<int64_t> count_sealed_with(postgres::Pool& pool, const std::string& key_id, Deadline deadline) {
  return count_of(pool.query({"SELECT count(*) AS count FROM " CALINT_SEALED " WHERE key = $1", {key_id}}, deadline));
}

Result<int64_t> count_not_sealed_with(postgres::Pool& pool, const std::string& key_id, Deadline deadline) {
  return count_of(pool.query({"SELECT count(*) AS count FROM " CALINT_SEALED " WHERE key <> $1", {key_id}}, deadline));
}

Result<std::vector<Integration>> integrations_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after, int most,
                                                       Deadline deadline) {
  auto rows = pool.query({"SELECT " CALINT_INTEGRATION_COLUMNS " FROM calendar_integrations i" CALINT_INTEGRATION_CLIENT
                          " WHERE i.active AND i.id > $2 AND (" CALINT_KEY_OF("i.access_token_encrypted") " <> $1"
                          " OR " CALINT_KEY_OF("i.refresh_token_encrypted") " <> $1) ORDER BY i.id LIMIT $3",
                          {key_id, after, most}},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<Integration> found;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto integration = integration_from(*rows, row);
    if (!integration) return std::move(integration).error();
    found.push_back(std::move(*integration));
  }
  return found;
}

Result<std::vector<RevocationJob>> revocations_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after, int most,
                                                        Deadline deadline) {
  auto rows = pool.query({"SELECT " CALINT_REVOCATION_COLUMNS " FROM calendar_jobs WHERE kind = 'revoke' AND id > $2"
                          " AND token_encrypted IS NOT NULL AND " CALINT_KEY_OF("token_encrypted") " <> $1"
                          " ORDER BY id LIMIT $3",
                          {key_id, after, most}},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<RevocationJob> found;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto job = revocation_from(*rows, row);
    if (!job) return std::move(job).error();
    found.push_back(std::move(*job));
  }
  return found;
}

Result<std::vector<ClientVersion>> clients_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after, int most,
                                                    Deadline deadline) {
  auto rows = pool.query({"SELECT " CALINT_CLIENT_COLUMNS " FROM calendar_oauth_clients c WHERE c.id > $2"
                          " AND c.secret_encrypted IS NOT NULL AND " CALINT_KEY_OF("c.secret_encrypted") " <> $1"
                          " ORDER BY c.id LIMIT $3",
                          {key_id, after, most}},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ClientVersion> found;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto client = client_from(*rows, row);
    if (!client) return std::move(client).error();
    found.push_back(std::move(*client));
  }
  return found;
}

Result<bool> swap_tokens(postgres::Pool& pool, const Integration& read, const SealedTokens& tokens, Deadline deadline) {
  return swapped(pool.query({"UPDATE calendar_integrations SET access_token_encrypted = $5, refresh_token_encrypted = $6,"
                             " seal_id = $7 WHERE organization_id = $1 AND id = $2 AND generation = $3 AND seal_id = $4"
                             " AND active",
                             {read.organization_id, read.id, read.generation, read.seal_id,
                              postgres::Param::bytea(tokens.access_token), postgres::Param::bytea(tokens.refresh_token), tokens.seal_id}},
                            deadline));
}

Result<bool> swap_revocation(postgres::Pool& pool, const RevocationJob& read, const Revocation& revocation, Deadline deadline) {
  return swapped(pool.query({"UPDATE calendar_jobs SET token_encrypted = $4, seal_id = $5"
                             " WHERE organization_id = $1 AND id = $2 AND seal_id = $3",
                             {read.organization_id, read.id, read.seal_id, postgres::Param::bytea(revocation.token_encrypted),
                              revocation.seal_id}},
                            deadline));
}

Result<bool> swap_client_secret(postgres::Pool& pool, const ClientVersion& read, const ClientVersion& sealed, Deadline deadline) {
  return swapped(pool.query({"UPDATE calendar_oauth_clients SET secret_encrypted = $4, seal_id = $5"
                             " WHERE organization_id = $1 AND id = $2 AND seal_id = $3",
                             {read.organization_id, read.id, read.seal_id, postgres::Param::bytea(sealed.secret_encrypted),
                              sealed.seal_id}},
                            deadline));
}

}  // namespace calint::store
