#include "store/jobs.h"

namespace calint::store {

Result<std::string> list_jobs(postgres::Pool& pool, Deadline deadline) {
  auto rows = pool.query({"SELECT coalesce(json_agg(j ORDER BY j.id), '[]') AS jobs FROM (SELECT id, organization_id, kind,"
                          " provider, user_id, integration_id, CASE WHEN given_up_at IS NOT NULL THEN 'given_up'"
                          " WHEN lease_until > now() THEN 'running' WHEN due_at <= now() THEN 'due'"
                          " ELSE 'waiting' END AS state,"
                          " to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS due_at,"
                          " attempts, last_error FROM calendar_jobs) j",
                          {}},
                         deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "jobs"));
}

}  // namespace calint::store
