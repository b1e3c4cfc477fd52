#include "store/rekey.h"

#include "store/columns.h"
#include "store/sql/keys.h"

namespace calint::store {
namespace {

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
  return count_of(pool.query(sql::count_sealed_with{.key_id = key_id}, deadline));
}

Result<std::vector<Integration>> integrations_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after,
                                                       int most, Deadline deadline) {
  auto rows = pool.query(sql::integrations_to_rekey{.after = after, .key_id = key_id, .most = most}, deadline);
  if (!rows) return std::move(rows).error();
  std::vector<Integration> found;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto integration = integration_from(*rows, row);
    if (!integration) return std::move(integration).error();
    found.push_back(std::move(*integration));
  }
  return found;
}

Result<std::vector<RevocationJob>> revocations_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after,
                                                        int most, Deadline deadline) {
  auto rows = pool.query(sql::revocations_to_rekey{.after = after, .key_id = key_id, .most = most}, deadline);
  if (!rows) return std::move(rows).error();
  std::vector<RevocationJob> found;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto job = revocation_from(*rows, row);
    if (!job) return std::move(job).error();
    found.push_back(std::move(*job));
  }
  return found;
}

Result<std::vector<ClientVersion>> clients_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after,
                                                    int most, Deadline deadline) {
  auto rows = pool.query(sql::clients_to_rekey{.after = after, .key_id = key_id, .most = most}, deadline);
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
  return swapped(pool.query(sql::swap_tokens{.access_token = tokens.access_token,
                                             .refresh_token = tokens.refresh_token,
                                             .seal_id = tokens.seal_id,
                                             .organization_id = read.organization_id,
                                             .id = read.id,
                                             .generation = read.generation,
                                             .read_seal_id = read.seal_id},
                            deadline));
}

Result<bool> swap_revocation(postgres::Pool& pool, const RevocationJob& read, const Revocation& revocation,
                             Deadline deadline) {
  return swapped(pool.query(sql::swap_revocation{.token = revocation.token_encrypted,
                                                 .seal_id = revocation.seal_id,
                                                 .organization_id = read.organization_id,
                                                 .id = read.id,
                                                 .read_seal_id = read.seal_id},
                            deadline));
}

Result<bool> swap_client_secret(postgres::Pool& pool, const ClientVersion& read, const ClientVersion& sealed,
                                Deadline deadline) {
  return swapped(pool.query(sql::swap_client_secret{.secret = sealed.secret_encrypted,
                                                    .seal_id = sealed.seal_id,
                                                    .organization_id = read.organization_id,
                                                    .id = read.id,
                                                    .read_seal_id = read.seal_id},
                            deadline));
}

}  // namespace calint::store
