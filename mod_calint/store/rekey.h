// What a change of the sealing key needs to know of the sealed columns.
#pragma once

#include <string>
#include <vector>

#include "store/integrations.h"
#include "store/revocations.h"

namespace calint::store {

// How many sealed values carry the key's id.
Result<int64_t> count_sealed_with(postgres::Pool& pool, const std::string& key_id, Deadline deadline);

// Up to `most` active integrations behind `after` (by id) with a value that isn't sealed by `key_id`.
Result<std::vector<Integration>> integrations_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after,
                                                       int most, Deadline deadline);
Result<std::vector<RevocationJob>> revocations_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after,
                                                        int most, Deadline deadline);

// Also versions that are no longer active.
Result<std::vector<ClientVersion>> clients_to_rekey(postgres::Pool& pool, const std::string& key_id, int64_t after,
                                                    int most, Deadline deadline);

// Swap the sealed values if the row is still as it was read; false where it changed meanwhile.
Result<bool> swap_tokens(postgres::Pool& pool, const Integration& read, const SealedTokens& tokens, Deadline deadline);
Result<bool> swap_revocation(postgres::Pool& pool, const RevocationJob& read, const Revocation& revocation,
                             Deadline deadline);
Result<bool> swap_client_secret(postgres::Pool& pool, const ClientVersion& read, const ClientVersion& sealed,
                                Deadline deadline);

}  // namespace calint::store
