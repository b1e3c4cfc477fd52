#include "store/housekeeping.h"

#define CALINT_BATCH " LIMIT 1000 FOR UPDATE SKIP LOCKED"

namespace calint::store {

Result<bool> claim_chore(postgres::Pool& pool, std::string_view chore, std::chrono::seconds every, Deadline deadline) {
  auto rows = pool.query({"UPDATE calendar_chores SET due_at = now() + make_interval(secs => $2)"
                          " WHERE organization_id = '' AND chore = $1 AND due_at <= now()",
                          {chore, every.count()}},
                         deadline);
  if (!rows) return std::move(rows).error();
  return rows->affected() == 1;
}

Result<int64_t> retain(postgres::Pool& pool, Deadline deadline) {
  auto results = pool.transaction(
      {{"DELETE FROM calendar_used_states WHERE (organization_id, flow_id) IN (SELECT organization_id, flow_id"
        " FROM calendar_used_states WHERE expires_at < now() ORDER BY expires_at" CALINT_BATCH ")",
        {}},
       {"DELETE FROM calendar_password_tries WHERE (organization_id, subject) IN (SELECT organization_id, subject"
        " FROM calendar_password_tries WHERE expires_at < now() ORDER BY expires_at" CALINT_BATCH ")",
        {}},
       {"DELETE FROM calendar_changes WHERE (organization_id, id) IN (SELECT organization_id, id FROM calendar_changes"
        " WHERE created_at < now() - interval '7 days' ORDER BY created_at" CALINT_BATCH ")",
        {}},
       {"DELETE FROM calendar_jobs WHERE (organization_id, id) IN (SELECT organization_id, id FROM calendar_jobs"
        " WHERE given_up_at < now() - interval '30 days' ORDER BY given_up_at" CALINT_BATCH ")",
        {}},
       {"WITH late AS (DELETE FROM calendar_jobs WHERE (organization_id, id) IN (SELECT organization_id, id"
        " FROM calendar_jobs WHERE deadline_at <= now() AND given_up_at IS NULL AND kind = 'revoke'"
        " AND (attempts > 0 OR deadline_at <= now() - interval '1 day')"
        " AND (lease_until IS NULL OR lease_until < now()) ORDER BY deadline_at" CALINT_BATCH ")"
        " RETURNING organization_id, integration_id, user_id, provider)"
        " SELECT calint_audit(organization_id, NULL, 'calendar_integration.revocation_abandoned',"
        " 'CalendarIntegration', coalesce(integration_id, 0)::text, jsonb_build_object('provider', provider,"
        " 'reason', 'past_deadline', 'subject_user_id', user_id), NULL, NULL) FROM late",
        {}},
       {"UPDATE calendar_integrations SET account = NULL, calendar_id = NULL, calendar_home = NULL, scopes = NULL,"
        " last_error = NULL, updated_at = now() WHERE (organization_id, id) IN (SELECT organization_id, id"
        " FROM calendar_integrations WHERE NOT active AND account IS NOT NULL"
        " AND disconnected_at < now() - interval '90 days' ORDER BY disconnected_at" CALINT_BATCH ")",
        {}}},
      deadline);
  if (!results) return std::move(results).error();
  int64_t rows = 0;
  for (const postgres::Rows& one : *results) rows += one.affected();
  return rows;
}

Result<Leavers> find_leavers(postgres::Pool& pool, int most, Deadline deadline) {
  auto rows = pool.query({"SELECT organization_id, id, NOT EXISTS (SELECT FROM calint_users u WHERE u.active"
                          " AND (u.is_interviewer OR u.is_admin)) AS nobody FROM calendar_integrations i WHERE active"
                          " AND NOT EXISTS (SELECT FROM calint_users u WHERE u.organization_id = i.organization_id"
                          " AND u.id = i.user_id AND u.active AND (u.is_interviewer OR u.is_admin)) LIMIT $1",
                          {most}},
                         deadline);
  if (!rows) return std::move(rows).error();
  Leavers leavers;
  for (size_t row = 0; row < rows->size(); ++row)
    leavers.found.push_back({std::string(rows->text(row, "organization_id")), rows->integer(row, "id")});
  leavers.nobody_is_entitled = !rows->empty() && rows->boolean(0, "nobody");
  return leavers;
}

Result<int64_t> announce_changes(postgres::Pool& pool, Deadline deadline) {
  auto results = pool.transaction(
      {{"WITH unheard AS (SELECT organization_id, id FROM calendar_changes WHERE NOT announced"
        " LIMIT 10000 FOR UPDATE SKIP LOCKED),"
        " turn AS (UPDATE calendar_chores SET due_at = now() + interval '1 second' WHERE organization_id = ''"
        " AND chore = 'announcement' AND due_at <= now() AND EXISTS (SELECT FROM unheard) RETURNING chore),"
        " told AS (UPDATE calendar_changes c SET announced = true FROM unheard, turn"
        " WHERE c.organization_id = unheard.organization_id AND c.id = unheard.id RETURNING c.id)"
        " SELECT n, pg_notify('calint', '') FROM (SELECT count(*) AS n FROM told) all_of_them WHERE n > 0",
        {}}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& told = results->front();
  return told.empty() ? 0 : told.integer(0, "n");
}

}  // namespace calint::store
