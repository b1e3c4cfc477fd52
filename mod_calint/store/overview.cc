#include "store/overview.h"

#define CALINT_RFC3339(time) "to_char(" time " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

namespace calint::store {

Result<std::string> overview(postgres::Pool& pool, Deadline deadline) {
  // The row of a refresh under way is its lease, no job.
  auto rows = pool.query(
      {"SELECT json_build_object("
       "'integrations', (SELECT coalesce(json_agg(json_build_object('provider', provider, 'status', status,"
       " 'count', count, 'oldest', " CALINT_RFC3339("oldest") ") ORDER BY provider, status), '[]') FROM"
       " (SELECT provider, status, count(*), min(error_since) FILTER (WHERE status IN ('error', 'expired')) AS oldest"
       " FROM calendar_integrations GROUP BY 1, 2) i),"
       " 'jobs', (SELECT coalesce(json_agg(json_build_object('kind', kind, 'provider', provider, 'state', state,"
       " 'count', count, 'oldest', " CALINT_RFC3339("oldest") ") ORDER BY kind, provider, state), '[]') FROM"
       " (SELECT kind, provider, CASE WHEN given_up_at IS NOT NULL THEN 'given_up'"
       " WHEN lease_until > now() THEN 'running' WHEN due_at <= now() THEN 'due' ELSE 'waiting' END AS state, count(*),"
       " min(coalesce(given_up_at, due_at)) AS oldest FROM calendar_jobs WHERE kind <> 'refresh' GROUP BY 1, 2, 3) j),"
       " 'refreshes', (SELECT coalesce(json_agg(json_build_object('provider', provider, 'state', state,"
       " 'count', count, 'oldest', " CALINT_RFC3339("oldest") ") ORDER BY provider, state), '[]') FROM"
       " (SELECT provider, state, count(*), min(CASE state WHEN 'running' THEN begun WHEN 'due' THEN refresh_due_at"
       " ELSE least(error_since, updated_at) END) AS oldest FROM"
       " (SELECT i.*, j.created_at AS begun, CASE WHEN j.lease_until > now() THEN 'running'"
       " WHEN refresh_due_at <= now() THEN 'due' WHEN refresh_attempts > 0 THEN 'failing' END AS state"
       " FROM calendar_integrations i LEFT JOIN calendar_jobs j ON j.organization_id = i.organization_id"
       " AND j.integration_id = i.id AND j.kind = 'refresh' AND j.given_up_at IS NULL"
       " WHERE i.active AND i.status <> 'expired') states WHERE state IS NOT NULL GROUP BY 1, 2) r),"
       " 'nodes', (SELECT coalesce(json_agg(json_build_object('node_id', node_id, 'version', version,"
       " 'seen_at', " CALINT_RFC3339("seen_at") ") ORDER BY node_id), '[]') FROM calendar_nodes"
       " WHERE organization_id = '')) AS overview",
       {}},
      deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "overview"));
}

}  // namespace calint::store
