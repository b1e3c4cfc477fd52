// Storing what a flow brought: the first connection, a reconnection, a switch.
#include "store/integrations.h"
#include "store/statements.h"

namespace calint::store {
namespace {

// The row of the server's client. Nothing where there is no client, as with a password, or where it is an
// organisation's, which has its row. Nearly always there: looked up first, since an insert that conflicts still draws
// an id, and a conflict costs more than a look.
postgres::Statement know_client(const NewConnection& connection) {
  return {"INSERT INTO calendar_oauth_clients (organization_id, provider, client_id) SELECT '', $1, $2"
          " WHERE $2 <> '' AND $3 = '' AND NOT EXISTS (SELECT FROM calendar_oauth_clients WHERE organization_id = ''"
          " AND provider = $1 AND client_id = $2) ON CONFLICT DO NOTHING",
          {to_string(connection.provider), connection.client.client_id, connection.client.organization_id}};
}

// The grant belongs to the organisation of the client.
postgres::Statement hold_grant(const NewConnection& connection) {
  return store::hold_grant(connection.client.organization_id, connection.account_key);
}

// The new row with what hangs on it; `validation` queues the validating read.
postgres::Statement insert_connection(const NewConnection& connection, const char* status, bool validation,
                            const std::string& action, const std::string& metadata, const std::string& outcome) {
  return {"WITH added AS (INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key,"
          " oauth_client_id, access_token_encrypted, refresh_token_encrypted, token_expires_at, scopes, seal_id, status,"
          " last_error, error_since, connected_at, refresh_due_at, calendar_home)"
          " VALUES ($1, $2, $3, $4, $5, coalesce(nullif($23::bigint, 0), (SELECT id FROM calendar_oauth_clients"
          " WHERE organization_id = '' AND provider = $3 AND client_id = $6 ORDER BY version DESC LIMIT 1)),"
          " $7, $8, $9, $10, $11, $12,"
          " CASE WHEN $12 = 'error' THEN 'not_validated' END, CASE WHEN $12 = 'error' THEN now() END, now(), $13,"
          " nullif($22, ''))"
          " RETURNING id),"
          " job AS (INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)"
          " SELECT $1, 'validate', id, $2, $3, now() + interval '1 minute' FROM added WHERE $14),"
          " change AS (INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
          " SELECT $1, $2, id, $15 FROM added),"
          " flow AS (UPDATE calendar_used_states SET outcome = $20, integration_id = (SELECT id FROM added)"
          " WHERE organization_id = $1 AND flow_id = $16)"
          " SELECT id, calint_audit($1, $17, 'calendar_integration.' || $15, 'CalendarIntegration', id::text,"
          " $18::jsonb, nullif($19, ''), nullif($21, '')) FROM added",
          {connection.organization_id, connection.user_id, to_string(connection.provider), connection.account,
           connection.account_key, connection.client.client_id, postgres::Param::bytea(connection.tokens.access_token),
           postgres::Param::bytea(connection.tokens.refresh_token), connection.tokens.expires_at, connection.scopes,
           connection.tokens.seal_id, status, connection.refresh_due_at, validation, action, connection.flow.flow_id,
           connection.actor.user_id, metadata, connection.actor.ip_address, outcome, connection.actor.user_agent,
           connection.memory, connection.client.id}};
}

Result<int64_t> id_of(Result<std::vector<postgres::Rows>> results, size_t statement) {
  if (!results) return std::move(results).error();
  return (*results)[statement].integer(0, "id");
}

}  // namespace

Result<int64_t> store_first_connection(postgres::Pool& pool, const NewConnection& connection, Deadline deadline) {
  return id_of(pool.transaction({lock_user(connection.organization_id, connection.user_id),
                                 know_client(connection),
                                 hold_grant(connection),
                                 cancel_revocations(connection.account_key),
                                 insert_connection(connection, "error", true, "connected",
                                                   audit_metadata(connection.provider), "validation_failed")},
                                deadline),
               4);
}

Result<int64_t> store_reconnection(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                                   const NewConnection& connection, Deadline deadline) {
  // What was granted through another client stays where the provider can't end it.
  const bool former_stays = current.account_key != connection.account_key && !revocation;
  postgres::Statement update = {
      "WITH renewed AS (UPDATE calendar_integrations SET account = $4, access_token_encrypted = $5,"
      " refresh_token_encrypted = $6, token_expires_at = $7, scopes = $8, seal_id = $9, generation = generation + 1,"
      " account_key = $20, oauth_client_id = coalesce(nullif($21::bigint, 0), (SELECT id FROM calendar_oauth_clients"
      " WHERE organization_id = '' AND provider = $10 AND client_id = $11 ORDER BY version DESC LIMIT 1)),"
      " status = 'error', last_error = 'not_validated', error_since = now(), connected_at = now(),"
      " refresh_due_at = $12, refresh_attempts = 0, calendar_home = nullif($19, ''), updated_at = now()"
      " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND active RETURNING id),"
      " job AS (INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)"
      " SELECT $1, 'validate', id, $13, $10, now() + interval '1 minute' FROM renewed"
      " ON CONFLICT (organization_id, integration_id, kind)"
      " WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'"
      " DO UPDATE SET due_at = excluded.due_at, attempts = 0),"
      " change AS (INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
      " SELECT $1, $13, id, 'reconnected' FROM renewed),"
      " flow AS (UPDATE calendar_used_states SET outcome = 'validation_failed', integration_id = $2"
      " WHERE organization_id = $1 AND flow_id = $14 AND EXISTS (SELECT FROM renewed)),"
      " checked AS (SELECT calint_require(EXISTS (SELECT FROM renewed)))"
      " SELECT id, calint_audit($1, $15, 'calendar_integration.reconnected', 'CalendarIntegration', id::text,"
      " $16::jsonb, nullif($17, ''), nullif($18, '')) FROM checked LEFT JOIN renewed ON true",
      {connection.organization_id, current.id, current.generation, connection.account,
       postgres::Param::bytea(connection.tokens.access_token), postgres::Param::bytea(connection.tokens.refresh_token),
       connection.tokens.expires_at, connection.scopes, connection.tokens.seal_id, to_string(connection.provider),
       connection.client.client_id, connection.refresh_due_at, connection.user_id, connection.flow.flow_id,
       connection.actor.user_id, audit_metadata(connection.provider, {.revocation_unsupported = former_stays}),
       connection.actor.ip_address,
       connection.actor.user_agent, connection.memory, connection.account_key, connection.client.id}};
  std::vector<postgres::Statement> statements = {lock_user(connection.organization_id, connection.user_id),
                                       know_client(connection), hold_grant(connection),
                                       cancel_revocations(connection.account_key), std::move(update)};
  if (revocation)
    statements.push_back(queue_revocation(current.organization_id, current.user_id, current.id, *revocation));
  return id_of(pool.transaction(std::move(statements), deadline), 4);
}

Result<int64_t> store_switch(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                             const NewConnection& connection, const std::vector<Calendar>& calendars,
                             Deadline deadline) {
  std::vector<postgres::Statement> statements = {lock_user(connection.organization_id, connection.user_id),
                                       know_client(connection),
                                       hold_grant(connection),
                                       cancel_revocations(connection.account_key),
                                       deactivate(current)};
  if (revocation)
    statements.push_back(queue_revocation(current.organization_id, current.user_id, current.id, *revocation));
  const size_t added = statements.size();
  statements.push_back(insert_connection(
      connection, "connected", false, "switched",
      audit_metadata(connection.provider, {.from_provider = std::string(to_string(current.provider)),
                                           .revocation_unsupported = !revocation}),
      "switched"));
  statements.push_back(
      {"WITH i AS (UPDATE calendar_integrations SET calendar_id = (SELECT calendar_id FROM"
       " jsonb_to_recordset($3::jsonb) AS c(calendar_id text, is_primary boolean, can_write boolean)"
       " WHERE is_primary AND can_write LIMIT 1)"
       " WHERE organization_id = $1 AND user_id = $2 AND active RETURNING organization_id, id)"
       " INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name, time_zone,"
       " color, access_role, owner, shared, is_primary, can_write, sync)"
       " SELECT i.organization_id, i.id, c.calendar_id, c.name, c.time_zone, c.color, c.access_role, nullif(c.owner, ''),"
       " c.shared, c.is_primary, c.can_write, c.is_primary FROM i, jsonb_to_recordset($3::jsonb) AS c(calendar_id text,"
       " name text, time_zone text, color text, access_role text, owner text, shared boolean, is_primary boolean,"
       " can_write boolean)",
       {connection.organization_id, connection.user_id, calendars_json(calendars)}});
  return id_of(pool.transaction(std::move(statements), deadline), added);
}

}  // namespace calint::store
