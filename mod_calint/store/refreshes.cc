#include "store/refreshes.h"

#include "store/statements.h"

namespace calint::store {

postgres::Statement end_refresh_lease(const Integration& integration, const std::string& owner) {
  return {"DELETE FROM calendar_jobs WHERE organization_id = $1 AND integration_id = $2 AND kind = 'refresh'"
          " AND lease_owner = $3 AND given_up_at IS NULL",
          {integration.organization_id, integration.id, owner}};
}

Result<bool> lease_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner, Deadline deadline) {
  auto rows = pool.query({"INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider,"
                          " lease_owner, lease_until)"
                          " VALUES ($1, 'refresh', $2, $3, $4, $5, now() + make_interval(secs => $6))"
                          " ON CONFLICT (organization_id, integration_id, kind)"
                          " WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'"
                          " DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until"
                          " WHERE calendar_jobs.lease_until IS NULL OR calendar_jobs.lease_until < now()"
                          " OR calendar_jobs.lease_owner = excluded.lease_owner",
                          {integration.organization_id, integration.id, integration.user_id,
                           to_string(integration.provider), owner, kRefreshLease.count()}},
                         deadline);
  if (!rows) return std::move(rows).error();
  return rows->affected() == 1;
}

Status store_refreshed(postgres::Pool& pool, const Integration& integration, const SealedTokens& tokens, Instant refresh_due_at,
                       const std::string& owner, Deadline deadline) {
  // One statement. The lease ends for a row that was updated, so after that was locked: see claim_refreshes().
  auto rows = pool.query(
      {"WITH kept AS (UPDATE calendar_integrations SET access_token_encrypted = $5, refresh_token_encrypted = $6,"
       " seal_id = $7, token_expires_at = $8, refresh_due_at = $9, refresh_attempts = 0,"
       " oauth_client_id = coalesce(nullif($10::bigint, 0), oauth_client_id), updated_at = now()"
       " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND seal_id = $4 AND active RETURNING id),"
       " ended AS (DELETE FROM calendar_jobs USING kept WHERE organization_id = $1 AND integration_id = kept.id"
       " AND kind = 'refresh' AND lease_owner = $11 AND given_up_at IS NULL)"
       " SELECT calint_require(EXISTS (SELECT FROM kept))",
       {integration.organization_id, integration.id, integration.generation, integration.seal_id,
        postgres::Param::bytea(tokens.access_token), postgres::Param::bytea(tokens.refresh_token), tokens.seal_id, tokens.expires_at,
        refresh_due_at, integration.client.id, owner}},
      deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

Status release_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner, Deadline deadline) {
  auto rows = pool.query(end_refresh_lease(integration, owner), deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

}  // namespace calint::store
