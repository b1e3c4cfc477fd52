#include "store/due.h"

#include "store/columns.h"

// Rows of calendar_integrations, which the indexes on refresh_due_at have.
#define CALINT_REFRESHABLE "active AND status <> 'expired' AND refresh_due_at IS NOT NULL"

// A claim's beginning: `table`'s rows of `rows` that are due by `due`, as taken (o, i), up to $1, of each organisation in
// rounds. While little is due, the organisations that have something are read off it; in a crowd that might hide some,
// the claim goes through all of them by one look into the index for each.
#define CALINT_TAKE(table, rows, due, more)                                                                        \
  "WITH RECURSIVE sample AS (SELECT organization_id FROM " table " WHERE " rows " AND " due " <= now()"             \
  " ORDER BY " due " LIMIT 256), crowd AS (SELECT count(*) = 256 AS is FROM sample),"                               \
  " organizations (o) AS ((SELECT organization_id FROM " table " WHERE " rows " AND (SELECT crowd.is FROM crowd)"   \
  " ORDER BY organization_id LIMIT 1) UNION ALL SELECT (SELECT t.organization_id FROM " table " t WHERE " rows      \
  " AND t.organization_id > o ORDER BY t.organization_id LIMIT 1) FROM organizations WHERE o IS NOT NULL),"         \
  " busy (o) AS (SELECT organization_id FROM sample UNION SELECT o FROM organizations WHERE o IS NOT NULL"        \
  " AND EXISTS (SELECT FROM " table " WHERE " rows " AND organization_id = o AND " due " <= now())),"               \
  " chosen AS (SELECT o FROM busy ORDER BY random() LIMIT $1),"                                                   \
  " locked AS (SELECT o, one.id, row_number() OVER (PARTITION BY o ORDER BY due) AS round FROM chosen,"             \
  " LATERAL (SELECT id, " due " AS due FROM " table " WHERE " rows " AND organization_id = o AND " due " <= now()"  \
  more " ORDER BY " due " LIMIT $1 FOR UPDATE SKIP LOCKED) one),"                                                   \
  " taken AS (SELECT o, id AS i FROM locked ORDER BY round, random() LIMIT $1)"

#define CALINT_TAKE_JOBS(kind)                                                              \
  CALINT_TAKE("calendar_jobs", "kind = '" kind "' AND given_up_at IS NULL", "due_at",       \
              " AND (lease_until IS NULL OR lease_until < now())")                          \
  " UPDATE calendar_jobs SET lease_owner = $2, lease_until = now() + make_interval(secs => $3)," \
  " due_at = now() + calint_backoff(attempts, $4, $5), attempts = attempts + 1"             \
  " FROM taken WHERE organization_id = o AND id = i RETURNING "

namespace calint::store {
namespace {

// Longer than a job's calls.
constexpr std::chrono::seconds kJobLease{60};

Status done(Result<Rows> rows) { return rows ? Status() : Status(std::move(rows).error()); }

}  // namespace

Result<Due> what_is_due(Pool& pool, Deadline deadline) {
  auto rows = pool.query(
      {"SELECT coalesce(refresh <= now(), false) AS refreshes, coalesce(validate <= now(), false) AS validations,"
       " coalesce(revoke <= now(), false) AS revocations, coalesce(retention <= now(), false) AS retention,"
       " coalesce(leavers <= now(), false) AS leavers, coalesce(announcement <= now(), false)"
       " AND EXISTS (SELECT FROM calendar_changes WHERE NOT announced) AS announcement,"
       " greatest(0, 1000 * extract(epoch FROM least(refresh, validate, revoke, now() + interval '1 hour') - now()))"
       "::bigint AS next FROM"
       " (SELECT (SELECT min(refresh_due_at) FROM calendar_integrations WHERE " CALINT_REFRESHABLE ") AS refresh,"
       " (SELECT min(due_at) FROM calendar_jobs WHERE kind = 'validate' AND given_up_at IS NULL) AS validate,"
       " (SELECT min(due_at) FROM calendar_jobs WHERE kind = 'revoke' AND given_up_at IS NULL) AS revoke,"
       " (SELECT due_at FROM calendar_chores WHERE organization_id = '' AND chore = 'retention') AS retention,"
       " (SELECT due_at FROM calendar_chores WHERE organization_id = '' AND chore = 'leavers') AS leavers,"
       " (SELECT due_at FROM calendar_chores WHERE organization_id = '' AND chore = 'announcement') AS announcement) d",
       {}},
      deadline);
  if (!rows) return std::move(rows).error();
  return Due{.refreshes = rows->boolean(0, "refreshes"),
             .validations = rows->boolean(0, "validations"),
             .revocations = rows->boolean(0, "revocations"),
             .retention = rows->boolean(0, "retention"),
             .leavers = rows->boolean(0, "leavers"),
             .announcement = rows->boolean(0, "announcement"),
             .next = std::chrono::milliseconds(rows->integer(0, "next"))};
}

Result<std::vector<DueRefresh>> claim_refreshes(Pool& pool, const Pace& pace, int most, Deadline deadline) {
  auto rows = pool.query(
      {CALINT_TAKE("calendar_integrations", CALINT_REFRESHABLE, "refresh_due_at", "")
       ", claimed AS (UPDATE calendar_integrations i SET refresh_attempts = refresh_attempts + 1,"
       " refresh_due_at = now() + calint_backoff(refresh_attempts, $2, $3)"
       " FROM taken WHERE i.organization_id = taken.o AND i.id = taken.i RETURNING i.*)"
       " SELECT i.refresh_attempts, " CALINT_INTEGRATION_COLUMNS " FROM claimed i" CALINT_INTEGRATION_CLIENT,
       {most, pace.first.count(), pace.most.count()}},
      deadline);
  if (!rows) return std::move(rows).error();
  std::vector<DueRefresh> claimed;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto integration = integration_from(*rows, row);
    if (!integration) return std::move(integration).error();
    claimed.push_back({std::move(*integration), static_cast<int>(rows->integer(row, "refresh_attempts"))});
  }
  return claimed;
}

Result<std::vector<DueValidation>> claim_validations(Pool& pool, const Pace& pace, const std::string& owner, int most,
                                                     Deadline deadline) {
  auto rows = pool.query({CALINT_TAKE_JOBS("validate") "organization_id, id, integration_id, attempts",
                          {most, owner, kJobLease.count(), pace.first.count(), pace.most.count()}},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<DueValidation> claimed;
  for (size_t row = 0; row < rows->size(); ++row)
    claimed.push_back({.organization_id = std::string(rows->text(row, "organization_id")),
                       .id = rows->integer(row, "id"),
                       .integration_id = rows->integer(row, "integration_id"),
                       .attempts = static_cast<int>(rows->integer(row, "attempts"))});
  return claimed;
}

Result<std::vector<RevocationJob>> claim_due_revocations(Pool& pool, const Pace& pace, const std::string& owner,
                                                         int most, Deadline deadline) {
  auto rows = pool.query({CALINT_TAKE_JOBS("revoke") CALINT_REVOCATION_COLUMNS,
                          {most, owner, kRevocationLease.count(), pace.first.count(), pace.most.count()}},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<RevocationJob> claimed;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto job = revocation_from(*rows, row);
    if (!job) return std::move(job).error();
    claimed.push_back(std::move(*job));
  }
  return claimed;
}

Status postpone_refresh(Pool& pool, const Integration& integration, const Again& again, Deadline deadline) {
  return done(pool.query({"UPDATE calendar_integrations SET refresh_attempts = $5, refresh_due_at ="
                          " greatest(now() + make_interval(secs => $6), CASE WHEN $7 THEN refresh_due_at END)"
                          " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND seal_id = $4 AND active",
                          {integration.organization_id, integration.id, integration.generation, integration.seal_id,
                           again.attempts, again.in.count(), again.at_earliest}},
                         deadline));
}

Status postpone_job(Pool& pool, const std::string& organization_id, int64_t id, const std::string& owner,
                    const Again& again, Deadline deadline) {
  return done(pool.query({"UPDATE calendar_jobs SET lease_owner = NULL, lease_until = NULL, attempts = $4, due_at ="
                          " greatest(now() + make_interval(secs => $5), CASE WHEN $6 THEN due_at END)"
                          " WHERE organization_id = $1 AND id = $2 AND lease_owner = $3",
                          {organization_id, id, owner, again.attempts, again.in.count(), again.at_earliest}},
                         deadline));
}

Status hasten_validation(Pool& pool, const Integration& integration, Deadline deadline) {
  // By user: see deactivate().
  return done(pool.query({"UPDATE calendar_jobs SET due_at = now() WHERE organization_id = $1 AND user_id = $2"
                          " AND kind = 'validate' AND integration_id = $3 AND given_up_at IS NULL",
                          {integration.organization_id, integration.user_id, integration.id}},
                         deadline));
}

Status drop_validation(Pool& pool, const DueValidation& job, Deadline deadline) {
  return done(pool.query({"DELETE FROM calendar_jobs WHERE organization_id = $1 AND id = $2 AND kind = 'validate'",
                          {job.organization_id, job.id}},
                         deadline));
}

Status give_up_validation(Pool& pool, const DueValidation& job, const Integration& integration, Deadline deadline) {
  auto results = pool.transaction(
      {{"WITH ended AS (UPDATE calendar_integrations SET status = 'expired', error_since = now(), updated_at = now()"
        " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND active AND status = 'error'"
        " RETURNING id, user_id, provider, last_error),"
        " job AS (UPDATE calendar_jobs SET given_up_at = now(), lease_owner = NULL, lease_until = NULL"
        " WHERE organization_id = $1 AND id = $4),"
        " change AS (INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
        " SELECT $1, user_id, id, 'expired' FROM ended),"
        " checked AS (SELECT calint_require(EXISTS (SELECT FROM ended)))"
        " SELECT calint_audit($1, NULL, 'calendar_integration.expired', 'CalendarIntegration', id::text,"
        " jsonb_build_object('provider', provider, 'reason', last_error, 'subject_user_id', user_id), NULL, NULL)"
        " FROM checked LEFT JOIN ended ON true",
        {integration.organization_id, integration.id, integration.generation, job.id}}},
      deadline);
  return results ? Status() : Status(std::move(results).error());
}

}  // namespace calint::store
