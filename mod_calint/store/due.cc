#include "store/due.h"

#include <algorithm>

#include "base/json_writer.h"
#include "store/columns.h"
#include "store/refreshes.h"
#include "store/statements.h"

// Rows of calendar_integrations, which the indexes on refresh_due_at have.
#define CALINT_REFRESHABLE "active AND status <> 'expired' AND refresh_due_at IS NOT NULL"

// A claim's beginning: `table`'s rows of `rows` of the provider $2 that are due by `due`, as taken (o, i), up to $1, of
// each organisation in rounds. While little is due, the organisations that have something are read off it; in a crowd
// that might hide some, the claim looks at 64 more by the index, going on behind `after` where the last one ended.
//
// FOR UPDATE looks at the newest version of a row: one that was put off since the statement began isn't taken.
#define CALINT_TAKE(table, rows, due, more, after)                                                                   \
  "WITH RECURSIVE sample AS (SELECT organization_id FROM " table " WHERE provider = $2 AND " rows                    \
  " AND " due " <= now() ORDER BY " due " LIMIT 256), crowd AS (SELECT count(*) = 256 AS is FROM sample),"           \
  " organizations (o, n) AS (SELECT " after "::text, 0 FROM crowd WHERE crowd.is UNION ALL SELECT"                   \
  " (SELECT CASE WHEN provider = $2 THEN organization_id END FROM " table " WHERE " rows                             \
  " AND (provider, organization_id) > ($2, o) ORDER BY provider, organization_id LIMIT 1), n + 1"                    \
  " FROM organizations WHERE o IS NOT NULL AND n < 64),"                                                             \
  " turn (o) AS (SELECT coalesce(max(o) FILTER (WHERE n = 64), '') FROM organizations),"                             \
  " busy (o) AS (SELECT organization_id FROM sample UNION SELECT o FROM organizations WHERE o IS NOT NULL"           \
  " AND EXISTS (SELECT FROM " table " WHERE provider = $2 AND " rows " AND organization_id = o"                      \
  " AND " due " <= now())),"                                                                                         \
  " chosen AS (SELECT o FROM busy ORDER BY random() LIMIT $1),"                                                      \
  " locked AS (SELECT o, one.id, row_number() OVER (PARTITION BY o ORDER BY due) AS round FROM chosen,"              \
  " LATERAL (SELECT id, " due " AS due FROM " table " WHERE provider = $2 AND " rows " AND organization_id = o"      \
  " AND " due " <= now()" more " ORDER BY " due " LIMIT $1 FOR UPDATE SKIP LOCKED) one),"                            \
  " taken AS (SELECT o, id AS i FROM locked ORDER BY round, random() LIMIT $1)"

#define CALINT_TAKE_JOBS(kind)                                                                   \
  CALINT_TAKE("calendar_jobs", "kind = '" kind "' AND given_up_at IS NULL", "due_at",            \
              " AND (lease_until IS NULL OR lease_until < now())", "$7")                         \
  " UPDATE calendar_jobs SET lease_owner = $3, lease_until = now() + make_interval(secs => $4)," \
  " due_at = now() + calint_backoff(attempts, $5, $6), attempts = attempts + 1"                  \
  " FROM taken WHERE organization_id = o AND id = i RETURNING (SELECT o FROM turn) AS turn, "

namespace calint::store {
namespace {

Status done(Result<postgres::Rows> rows) { return rows ? Status() : Status(std::move(rows).error()); }

Status done(Result<std::vector<postgres::Rows>> results) { return results ? Status() : Status(std::move(results).error()); }

std::string texts_json(const std::vector<std::string>& texts) {
  JsonArray array;
  for (const std::string& text : texts) array.add(text);
  return array.text();
}

std::string after(const RoundRobin* round) { return round == nullptr ? std::string() : round->after; }

void go_on(RoundRobin* round, const postgres::Rows& rows) {
  if (round != nullptr && !rows.empty()) round->after = rows.text(0, "turn");
}

}  // namespace

postgres::Statement put_off_job(const std::string& organization_id, int64_t id, const std::string& owner,
                                const Again& again) {
  return {"UPDATE calendar_jobs SET lease_owner = NULL, lease_until = NULL, attempts = $4,"
          " last_error = coalesce(nullif($7, ''), last_error), due_at ="
          " greatest(now() + make_interval(secs => $5), CASE WHEN $6 THEN due_at END)"
          " WHERE organization_id = $1 AND id = $2 AND lease_owner = $3 RETURNING coalesce(deadline_at <= now(), false) AS past",
          {organization_id, id, owner, again.attempts, again.in.count(), again.at_earliest, again.reason}};
}

Result<Due> what_is_due(postgres::Pool& pool, const std::vector<std::string>& kinds,
                        std::span<const ProviderId> providers, Deadline deadline) {
  std::vector<std::string> names;
  for (const ProviderId provider : providers) names.emplace_back(to_string(provider));
  // A row for each kind at each provider, and one for each chore that is due.
  auto rows = pool.query(
      {"SELECT kind, provider, due <= now() AS is_due, greatest(0, 1000 * extract(epoch FROM"
       " least(due, now() + interval '1 hour') - now()))::bigint AS next"
       " FROM jsonb_array_elements_text($1::jsonb) AS k (kind), jsonb_array_elements_text($2::jsonb) AS p (provider),"
       " LATERAL (SELECT CASE WHEN kind = 'refresh' THEN (SELECT min(refresh_due_at) FROM calendar_integrations i"
       " WHERE i.provider = p.provider AND " CALINT_REFRESHABLE ")"
       " ELSE (SELECT min(due_at) FROM calendar_jobs j WHERE j.provider = p.provider AND j.kind = k.kind"
       " AND j.kind <> 'refresh' AND given_up_at IS NULL) END) AS first (due) WHERE due IS NOT NULL"
       " UNION ALL SELECT chore, NULL, true, NULL FROM calendar_chores WHERE organization_id = '' AND due_at <= now()",
       {texts_json(kinds), texts_json(names)}},
      deadline);
  if (!rows) return std::move(rows).error();
  Due due{.next = std::chrono::hours(1)};
  for (size_t row = 0; row < rows->size(); ++row) {
    const std::string name(rows->text(row, "kind"));
    const auto provider = parse_provider(rows->maybe_text(row, "provider").value_or(""));
    if (!provider) {
      due.chores.insert(name);
      continue;
    }
    due.next = std::min(due.next, std::chrono::milliseconds(rows->integer(row, "next")));
    if (rows->boolean(row, "is_due")) due.jobs.emplace(name, *provider);
  }
  return due;
}

Result<std::vector<DueRefresh>> claim_refreshes(postgres::Pool& pool, ProviderId provider, const Backoff& backoff,
                                                const std::string& owner, int most, Deadline deadline,
                                                RoundRobin* round) {
  // Once a row of calendar_integrations is locked nobody else can be between storing new tokens and ending the lease,
  // because that locks it first. Either they are stored, then the row isn't due in its newest version and isn't taken;
  // or the lease's row is still there, then ON CONFLICT sees it, whatever the statement's snapshot shows, and the
  // integration is left out. UPDATE returns the newest version too.
  const Deadline lease_ends = Deadline::in(kRefreshLease);
  auto rows = pool.query(
      {CALINT_TAKE("calendar_integrations", CALINT_REFRESHABLE, "refresh_due_at", "", "$7")
       ", leased AS (INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, lease_owner,"
       " lease_until) SELECT i.organization_id, 'refresh', i.id, i.user_id, i.provider, $3,"
       " now() + make_interval(secs => $4) FROM taken"
       " JOIN calendar_integrations i ON i.organization_id = o AND i.id = taken.i"
       " ON CONFLICT (organization_id, integration_id, kind)"
       " WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'"
       " DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until"
       " WHERE calendar_jobs.lease_until IS NULL OR calendar_jobs.lease_until < now()"
       " RETURNING organization_id, integration_id),"
       " claimed AS (UPDATE calendar_integrations i SET refresh_attempts = refresh_attempts + ours::int,"
       " refresh_due_at = CASE WHEN ours THEN now() + calint_backoff(refresh_attempts, $5, $6)"
       " ELSE coalesce((SELECT lease_until FROM calendar_jobs j WHERE j.organization_id = t.o"
       " AND j.integration_id = t.i AND kind = 'refresh' AND given_up_at IS NULL), now() + interval '5 seconds') END"
       " FROM (SELECT o, i, integration_id IS NOT NULL AS ours FROM taken"
       " LEFT JOIN leased ON organization_id = o AND integration_id = i) t"
       " WHERE i.organization_id = t.o AND i.id = t.i RETURNING i.*, ours)"
       " SELECT (SELECT o FROM turn) AS turn, i.refresh_attempts, " CALINT_INTEGRATION_COLUMNS " FROM claimed i"
       CALINT_INTEGRATION_CLIENT
       " WHERE ours",
       {most, to_string(provider), owner, kRefreshLease.count(), backoff.first.count(), backoff.most.count(),
        after(round)}},
      deadline);
  if (!rows) return std::move(rows).error();
  go_on(round, *rows);
  std::vector<DueRefresh> claimed;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto integration = integration_from(*rows, row);
    if (!integration) return std::move(integration).error();
    claimed.push_back(
        {std::move(*integration), static_cast<int>(rows->integer(row, "refresh_attempts")), lease_ends});
  }
  return claimed;
}

Result<std::vector<DueValidation>> claim_validations(postgres::Pool& pool, ProviderId provider, const Backoff& backoff,
                                                     const std::string& owner, int most, Deadline deadline,
                                                     RoundRobin* round) {
  const Deadline lease_ends = Deadline::in(kJobLease);
  auto rows = pool.query({CALINT_TAKE_JOBS("validate") "organization_id, id, integration_id, attempts,"
                          " coalesce((SELECT account_key FROM calendar_integrations WHERE organization_id ="
                          " calendar_jobs.organization_id AND id = integration_id), '') AS account_key,"
                          " (SELECT error_since FROM calendar_integrations WHERE organization_id ="
                          " calendar_jobs.organization_id AND id = integration_id) AS error_since",
                          {most, to_string(provider), owner, kJobLease.count(), backoff.first.count(), backoff.most.count(),
        after(round)}},
                         deadline);
  if (!rows) return std::move(rows).error();
  go_on(round, *rows);
  std::vector<DueValidation> claimed;
  for (size_t row = 0; row < rows->size(); ++row)
    claimed.push_back({.organization_id = std::string(rows->text(row, "organization_id")),
                       .id = rows->integer(row, "id"),
                       .integration_id = rows->integer(row, "integration_id"),
                       .provider = provider,
                       .account_key = std::string(rows->text(row, "account_key")),
                       .error_since = rows->maybe_instant(row, "error_since"),
                       .attempts = static_cast<int>(rows->integer(row, "attempts")),
                       .lease_ends = lease_ends});
  return claimed;
}

Result<std::vector<RevocationJob>> claim_due_revocations(postgres::Pool& pool, ProviderId provider, const Backoff& backoff,
                                                         const std::string& owner, int most, Deadline deadline,
                                                         RoundRobin* round) {
  const Deadline lease_ends = Deadline::in(kRevocationLease);
  auto rows = pool.query(
      {CALINT_TAKE_JOBS("revoke") CALINT_REVOCATION_COLUMNS,
       {most, to_string(provider), owner, kRevocationLease.count(), backoff.first.count(), backoff.most.count(),
        after(round)}},
      deadline);
  if (!rows) return std::move(rows).error();
  go_on(round, *rows);
  return revocations_from(*rows, lease_ends);
}

Status postpone_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner, const Again& again,
                        Deadline deadline) {
  // The lease last: see claim_refreshes().
  return done(pool.transaction(
      {{"UPDATE calendar_integrations SET refresh_attempts = $5, refresh_due_at ="
        " greatest(now() + make_interval(secs => $6), CASE WHEN $7 THEN refresh_due_at END)"
        " WHERE organization_id = $1 AND id = $2 AND generation = $3 AND seal_id = $4 AND active",
        {integration.organization_id, integration.id, integration.generation, integration.seal_id, again.attempts,
         again.in.count(), again.at_earliest}},
       end_refresh_lease(integration, owner)},
      deadline));
}

Status postpone_job(postgres::Pool& pool, const std::string& organization_id, int64_t id, const std::string& owner,
                    const Again& again, Deadline deadline) {
  return done(pool.query(put_off_job(organization_id, id, owner, again), deadline));
}

Status hasten_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  // By user: see deactivate().
  return done(pool.query({"UPDATE calendar_jobs SET due_at = now() WHERE organization_id = $1 AND user_id = $2"
                          " AND kind = 'validate' AND integration_id = $3 AND given_up_at IS NULL",
                          {integration.organization_id, integration.user_id, integration.id}},
                         deadline));
}

Status drop_validation(postgres::Pool& pool, const DueValidation& job, Deadline deadline) {
  return done(pool.query({"DELETE FROM calendar_jobs WHERE organization_id = $1 AND id = $2 AND kind = 'validate'",
                          {job.organization_id, job.id}},
                         deadline));
}

Status give_up_validation(postgres::Pool& pool, const DueValidation& job, const Integration& integration, Deadline deadline) {
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
