#include "store/overview.h"

#define CALINT_RFC3339(time) "to_char(" time " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

namespace calint::store {

Result<std::string> overview(Pool& pool, Deadline deadline) {
  // The row of a refresh under way is its lease, no job.
  auto rows = pool.query(
      {"SELECT json_build_object("
       "'integrations', (SELECT coalesce(json_agg(i ORDER BY provider, status), '[]') FROM"
       " (SELECT provider, status, count(*) FROM calendar_integrations GROUP BY 1, 2) i),"
       " 'jobs', (SELECT coalesce(json_agg(json_build_object('kind', kind, 'provider', provider, 'state', state,"
       " 'count', count, 'oldest', " CALINT_RFC3339("oldest") ") ORDER BY kind, provider, state), '[]') FROM"
       " (SELECT kind, provider, CASE WHEN given_up_at IS NOT NULL THEN 'given_up'"
       " WHEN lease_until > now() THEN 'running' WHEN due_at <= now() THEN 'due' ELSE 'waiting' END AS state, count(*),"
       " min(coalesce(given_up_at, due_at)) AS oldest FROM calendar_jobs WHERE kind <> 'refresh' GROUP BY 1, 2, 3) j),"
       " 'refreshes', (SELECT coalesce(json_agg(json_build_object('provider', provider, 'due', due,"
       " 'oldest', " CALINT_RFC3339("oldest") ") ORDER BY provider), '[]') FROM"
       " (SELECT provider, count(*) AS due, min(refresh_due_at) AS oldest FROM calendar_integrations"
       " WHERE active AND status <> 'expired' AND refresh_due_at <= now() GROUP BY 1) r),"
       " 'nodes', (SELECT coalesce(json_agg(json_build_object('node_id', node_id, 'version', version,"
       " 'seen_at', " CALINT_RFC3339("seen_at") ") ORDER BY node_id), '[]') FROM calendar_nodes"
       " WHERE organization_id = '')) AS overview",
       {}},
      deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "overview"));
}

}  // namespace calint::store
