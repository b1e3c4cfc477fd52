#include "store/integrations.h"

#include "store/statements.h"

namespace calint::store {
namespace {

Status done(Result<std::vector<postgres::Rows>> results) { return results ? Status() : Status(std::move(results).error()); }

}  // namespace

postgres::Statement deactivate(const Integration& current) {
  return {"WITH ended AS (UPDATE calendar_integrations SET active = false, status = 'inactive',"
          " generation = generation + 1, access_token_encrypted = NULL, refresh_token_encrypted = NULL,"
          " token_expires_at = NULL, refresh_due_at = NULL, last_error = NULL, error_since = NULL, calendar_id = NULL,"
          " calendar_home = NULL, disconnected_at = now(), updated_at = now()"
          " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND active RETURNING id),"
          " calendars AS (DELETE FROM calendar_integration_calendars WHERE organization_id = $1"
          " AND integration_id IN (SELECT id FROM ended)),"
          // By user, which has an index, given-up jobs included; else every job of the organisation is looked at.
          " jobs AS (DELETE FROM calendar_jobs WHERE organization_id = $1 AND user_id = $4 AND kind <> 'revoke'"
          " AND integration_id IN (SELECT id FROM ended))"
          " SELECT calint_require(EXISTS (SELECT FROM ended))",
          {current.organization_id, current.id, current.generation, current.user_id}};
}

Status store_validated(postgres::Pool& pool, const Validated& validated, const Actor& actor, Deadline deadline) {
  std::vector<postgres::Statement> statements;
  statements.push_back(
      {"WITH ok AS (UPDATE calendar_integrations SET status = 'connected', last_error = NULL, error_since = NULL,"
       " calendar_id = coalesce(calendar_id, nullif($4, '')), calendar_home = nullif($11, ''), updated_at = now()"
       " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND active RETURNING id, user_id, provider),"
       // By user: see deactivate().
       " job AS (DELETE FROM calendar_jobs WHERE organization_id = $1 AND user_id = (SELECT user_id FROM ok)"
       " AND kind = 'validate' AND integration_id = (SELECT id FROM ok)),"
       " change AS (INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
       " SELECT $1, user_id, id, 'validated' FROM ok),"
       " flow AS (UPDATE calendar_used_states SET outcome = $10 WHERE organization_id = $1 AND flow_id = $9),"
       " checked AS (SELECT calint_require(EXISTS (SELECT FROM ok)))"
       " SELECT CASE WHEN $5 THEN calint_audit($1, nullif($6, ''), 'calendar_integration.validated',"
       " 'CalendarIntegration', id::text, jsonb_build_object('provider', provider), nullif($7, ''), nullif($8, ''))"
       " END FROM checked LEFT JOIN ok ON true",
       {validated.organization_id, validated.integration_id, validated.generation, validated.calendar_id,
        validated.audit, actor.user_id, actor.ip_address, actor.user_agent, validated.flow_id, validated.outcome,
        validated.memory}});
  statements.push_back(
      {"WITH listed AS (SELECT * FROM jsonb_to_recordset($3::jsonb) AS c(calendar_id text, name text, time_zone text,"
       " color text, access_role text, owner text, shared boolean, is_primary boolean, can_write boolean)),"
       " missing AS (UPDATE calendar_integration_calendars SET gone_since = coalesce(gone_since, now()),"
       " listed_at = now() WHERE organization_id = $1 AND integration_id = $2"
       " AND calendar_id NOT IN (SELECT calendar_id FROM listed))"
       " INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name, time_zone,"
       " color, access_role, owner, shared, is_primary, can_write, sync)"
       " SELECT $1, $2, calendar_id, name, time_zone, color, access_role, nullif(owner, ''), shared, is_primary,"
       " can_write, is_primary AND NOT EXISTS (SELECT FROM calendar_integration_calendars"
       " WHERE organization_id = $1 AND integration_id = $2) FROM listed"
       " ON CONFLICT (organization_id, integration_id, calendar_id) DO UPDATE SET name = excluded.name,"
       " time_zone = excluded.time_zone, color = excluded.color, access_role = excluded.access_role,"
       " owner = excluded.owner, shared = excluded.shared,"
       " is_primary = excluded.is_primary, can_write = excluded.can_write, gone_since = NULL, listed_at = now()",
       {validated.organization_id, validated.integration_id, calendars_json(validated.calendars)}});
  return done(pool.transaction(std::move(statements), deadline));
}

Status store_failure(postgres::Pool& pool, const Integration& integration, const Failure& failure, const Actor& actor,
                     Deadline deadline) {
  // What was there before decides whether the failure is news: the old row is read and locked first.
  std::vector<postgres::Statement> statements = {
      {"WITH old AS (SELECT id, user_id, provider, status, last_error FROM calendar_integrations"
        " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND seal_id = $4 AND active FOR UPDATE),"
        " failed AS (UPDATE calendar_integrations i SET status = $5, last_error = $6,"
        " error_since = CASE WHEN i.status = $5 AND NOT $11 THEN coalesce(i.error_since, now()) ELSE now() END,"
        " updated_at = now() FROM old WHERE i.organization_id = $1 AND i.id = old.id RETURNING i.id),"
        " job AS (INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at, attempts,"
        " last_error) SELECT $1, 'validate', old.id, old.user_id, old.provider, now() + make_interval(secs => $7), 1, $6"
        " FROM old WHERE $5 = 'error' ON CONFLICT (organization_id, integration_id, kind)"
        " WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'"
        " DO UPDATE SET due_at = greatest(calendar_jobs.due_at, excluded.due_at), last_error = excluded.last_error),"
        " ended AS (DELETE FROM calendar_jobs WHERE organization_id = $1 AND user_id = (SELECT user_id FROM old)"
        " AND kind = 'validate' AND $5 = 'expired' AND integration_id = (SELECT id FROM old)),"
        " change AS (INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
        " SELECT $1, user_id, id, $5 FROM old WHERE status <> $5)"
        " SELECT calint_audit($1, nullif($8, ''),"
        " 'calendar_integration.' || CASE WHEN $5 = 'expired' THEN 'expired' ELSE 'validation_failed' END,"
        " 'CalendarIntegration', id::text, jsonb_build_object('provider', provider, 'reason', $6::text,"
        " 'subject_user_id', user_id), nullif($9, ''), nullif($10, ''))"
        " FROM old WHERE status <> $5 OR last_error IS DISTINCT FROM $6",
        {integration.organization_id, integration.id, integration.generation, integration.seal_id, failure.status,
         failure.reason, failure.retry_in.count(), actor.user_id, actor.ip_address, actor.user_agent,
         failure.since_now}}};
  if (!failure.refresh_lease.empty()) statements.push_back(end_refresh_lease(integration, failure.refresh_lease));
  return done(pool.transaction(std::move(statements), deadline));
}

Status store_disconnect(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                        const Actor& actor, Deadline deadline, const std::string& reason) {
  std::vector<postgres::Statement> statements = {lock_user(current.organization_id, current.user_id), deactivate(current)};
  if (revocation)
    statements.push_back(queue_revocation(current.organization_id, current.user_id, current.id, *revocation));
  statements.push_back({"INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
                        " VALUES ($1, $2, $3, 'disconnected')",
                        {current.organization_id, current.user_id, current.id}});
  statements.push_back(
      {"SELECT calint_audit($1, nullif($2, ''), 'calendar_integration.disconnected', 'CalendarIntegration', $3,"
       " $4::jsonb, nullif($5, ''), nullif($6, ''))",
       {current.organization_id, actor.user_id, current.id,
        audit_metadata(current.provider,
                       {.reason = reason,
                        .subject_user_id = actor.user_id == current.user_id ? std::string() : current.user_id,
                        .revocation_unsupported = !revocation}),
        actor.ip_address, actor.user_agent}});
  return done(pool.transaction(std::move(statements), deadline));
}

Status store_audit(postgres::Pool& pool, const AuditEntry& entry, const Actor& actor, Deadline deadline) {
  auto rows = pool.query({"SELECT calint_audit($1, nullif($2, ''), 'calendar_integration.' || $3,"
                          " 'CalendarIntegration', $4, $5::jsonb, nullif($6, ''), nullif($7, ''))",
                          {entry.organization_id, actor.user_id, entry.action, entry.integration_id,
                           audit_metadata(entry.provider, {.reason = entry.reason,
                                                           .revocation_unsupported = entry.revocation_unsupported}),
                           actor.ip_address, actor.user_agent}},
                         deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

}  // namespace calint::store
