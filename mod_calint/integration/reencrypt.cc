#include "integration/reencrypt.h"

#include "store/rekey.h"
#include "vault/vault.h"

namespace calint::integration {
namespace {

constexpr int kBatch = 100;

Result<bool> move(postgres::Pool& pool, const crypto::Keyset& keyset, const store::Integration& row,
                  Deadline deadline) {
  auto plain = vault::open_tokens(keyset, row);
  if (!plain) return std::move(plain).error();
  auto sealed = vault::seal_tokens(keyset, {row.organization_id, row.user_id, row.provider, row.generation},
                                   {.access_token = std::move(plain->access_token),
                                    .refresh_token = std::move(plain->refresh_token),
                                    .expires_at = {},
                                    .scopes = {},
                                    .id_token = {}});
  if (!sealed) return std::move(sealed).error();
  return store::swap_tokens(pool, row, *sealed, deadline);
}

Result<bool> move(postgres::Pool& pool, const crypto::Keyset& keyset, const store::RevocationJob& row,
                  Deadline deadline) {
  auto token = vault::open_revocation(keyset, row);
  if (!token) return std::move(token).error();
  auto sealed =
      vault::seal_revocation(keyset, {row.organization_id, row.user_id, row.provider, 0},
                             {row.grant_organization_id, row.account_key}, *token);
  if (!sealed) return std::move(sealed).error();
  return store::swap_revocation(pool, row, *sealed, deadline);
}

Result<bool> move(postgres::Pool& pool, const crypto::Keyset& keyset, const store::ClientVersion& row,
                  Deadline deadline) {
  auto secret = vault::open_client_secret(keyset, row);
  if (!secret) return std::move(secret).error();
  auto sealed = vault::seal_client_secret(keyset, row, *secret);
  if (!sealed) return std::move(sealed).error();
  return store::swap_client_secret(pool, row, *sealed, deadline);
}

// Works through one table. `next` reads the rows behind an id.
template <typename Next>
Status move_all(postgres::Pool& pool, const crypto::Keyset& keyset, Next next, ReencryptCount& count,
                const std::function<void(const ReencryptCount&)>& progress, Deadline deadline) {
  int64_t after = 0;
  while (true) {
    auto rows = next(after);
    if (!rows) return std::move(rows).error();
    if (rows->empty()) return {};
    for (const auto& row : *rows) {
      after = row.id;
      auto moved = move(pool, keyset, row, deadline);
      if (moved)
        ++(*moved ? count.moved : count.changed_meanwhile);
      else if (moved.error().detail == Detail::unopened)
        ++count.unreadable;
      else
        return std::move(moved).error();
    }
    progress(count);
  }
}

}  // namespace

Result<ReencryptCount> reencrypt(postgres::Pool& pool, const crypto::Keyset& keyset,
                                 const std::function<void(const ReencryptCount&)>& progress, Deadline deadline) {
  const std::string key = crypto::key_id_text(keyset.primary().id);
  ReencryptCount count;
  auto integrations = [&](int64_t after) { return store::integrations_to_rekey(pool, key, after, kBatch, deadline); };
  if (auto status = move_all(pool, keyset, integrations, count, progress, deadline); !status)
    return std::move(status).error();
  auto revocations = [&](int64_t after) { return store::revocations_to_rekey(pool, key, after, kBatch, deadline); };
  if (auto status = move_all(pool, keyset, revocations, count, progress, deadline); !status)
    return std::move(status).error();
  auto clients = [&](int64_t after) { return store::clients_to_rekey(pool, key, after, kBatch, deadline); };
  if (auto status = move_all(pool, keyset, clients, count, progress, deadline); !status)
    return std::move(status).error();
  return count;
}

}  // namespace calint::integration
