// The columns that several queries read, and how a row of them becomes a record. Private to the room.
#pragma once

#include "postgres/pool.h"
#include "store/records.h"
#include "store/revocations.h"

#define CALINT_INTEGRATION_COLUMNS                                                                              \
  "i.id, i.organization_id AS integration_organization, i.user_id, i.provider, i.account, i.account_key, "      \
  "c.id AS client_row, c.organization_id AS client_organization, c.provider AS client_provider, c.client_id, "  \
  "c.version AS client_version, c.tenant AS client_tenant, c.secret_encrypted AS client_secret, "               \
  "c.seal_id AS client_seal, i.access_token_encrypted, i.refresh_token_encrypted, i.token_expires_at, i.seal_id, " \
  "i.generation, i.status, i.last_error, i.error_since, i.connected_at, i.last_synced_at, "          \
  "i.calendar_id, i.calendar_home"

// Joined to "calendar_integrations i".
#define CALINT_INTEGRATION_CLIENT                                                                               \
  " LEFT JOIN calendar_oauth_clients c ON c.id = i.oauth_client_id AND c.organization_id IN ('', i.organization_id)"

#define CALINT_REVOCATION_COLUMNS                                                                            \
  "organization_id, id, coalesce(integration_id, 0)::text AS integration_id, user_id, provider, "             \
  "token_encrypted, seal_id, grant_organization_id, account_key, grant_generation, attempts, deadline_at"

namespace calint::store {

// corrupt where a row names a provider that doesn't exist. A client of nulls is none.
Result<ClientVersion> client_from(const postgres::Rows& rows, size_t row);
Result<Integration> integration_from(const postgres::Rows& rows, size_t row);
Result<RevocationJob> revocation_from(const postgres::Rows& rows, size_t row);
// `lease_ends`: of all of them.
Result<std::vector<RevocationJob>> revocations_from(const postgres::Rows& rows, Deadline lease_ends);

}  // namespace calint::store
