#include "store/syncs.h"

#include "base/reaction.h"
#include "store/calendar_trouble.h"
#include "store/claims.h"
#include "store/columns.h"
#include "store/sql/syncs.h"
#include "store/statements.h"

namespace calint::store {
namespace {

// By these names a fault of a look at a calendar is stored as its trouble.
static_assert(reaction_to(Fault::forbidden).name == to_string(CalendarTrouble::forbidden) &&
              reaction_to(Fault::gone).name == to_string(CalendarTrouble::gone) &&
              reaction_to(Fault::rate_limited).name == to_string(CalendarTrouble::rate_limited) &&
              reaction_to(Fault::unavailable).name == to_string(CalendarTrouble::unavailable));

using postgres::or_null;

Sync sync_from(const postgres::Rows& rows, size_t row, std::string calendar_id) {
  return {.id = rows.integer(row, "sync_id"),
          .calendar_id = std::move(calendar_id),
          .calendar_zone = rows.maybe_text(row, "calendar_zone").value_or(""),
          .calendar_owner = rows.maybe_text(row, "calendar_owner").value_or(""),
          .cursor = rows.maybe_text(row, "cursor").value_or(""),
          .known_from = rows.maybe_instant(row, "known_from"),
          .known_until = rows.maybe_instant(row, "known_until"),
          .evaluator = static_cast<int>(rows.maybe_integer(row, "evaluator").value_or(0)),
          .zone = rows.maybe_text(row, "zone").value_or(""),
          .last_synced_at = rows.maybe_instant(row, "sync_last"),
          .full_read_at = rows.maybe_instant(row, "full_read_at"),
          .asked_at = rows.maybe_instant(row, "asked_at"),
          .owes = rows.boolean(row, "owes"),
          .tried_at = rows.maybe_instant(row, "tried_at"),
          .trouble = rows.maybe_text(row, "trouble").value_or("")};
}

}  // namespace

Result<Claimed<SyncJob>> claim_syncs(postgres::Pool& pool, const Claim& claim, const std::vector<Quota>& quotas,
                                     RoundRobin& round, Deadline deadline) {
  const Deadline lease_ends = Deadline::in(claim.lease);
  std::vector<std::string> providers, per_minute;
  for (const Quota& quota : quotas) {
    providers.emplace_back(to_string(quota.provider));
    per_minute.push_back(std::to_string(quota.requests_per_minute));
  }
  auto rows = pool.query(sql::claim_syncs{.kind = claim.kind,
                                          .lane = claim.lane,
                                          .after = round.after,
                                          .most = claim.most,
                                          .owner = claim.owner,
                                          .lease = claim.lease,
                                          .first_pause = claim.backoff.first.count(),
                                          .longest_pause = claim.backoff.most.count(),
                                          .providers = providers,
                                          .per_minute = per_minute},
                         deadline);
  if (!rows) return std::move(rows).error();
  Claimed<SyncJob> claimed{.may_be_more = go_on(round, *rows)};
  for (size_t row = 0; row < rows->size() && !rows->is_null(row, "job"); ++row) {
    SyncJob one{.job = claimed_job(*rows, row, claim.owner, lease_ends)};
    if (!rows->is_null(row, "id")) {
      auto integration = integration_from(*rows, row);
      if (!integration) return std::move(integration).error();
      one.integration = std::move(*integration);
    }
    if (!rows->is_null(row, "sync_id")) one.sync = sync_from(*rows, row, one.job.subject);
    if (const auto wait = rows->maybe_integer(row, "quota_wait")) one.quota_wait = std::chrono::seconds(*wait);
    claimed.jobs.push_back(std::move(one));
  }
  return claimed;
}

Status note_unchanged(postgres::Pool& pool, const ClaimedJob& job, const Sync& sync, const std::string& cursor,
                      Instant due_at, Deadline deadline) {
  return status_of(pool.query(sql::note_unchanged{.organization_id = job.organization_id,
                                                  .id = sync.id,
                                                  .incomplete = std::string(to_string(CalendarTrouble::incomplete)),
                                                  .cursor = or_null(cursor),
                                                  .job = job.id,
                                                  .owner = job.owner,
                                                  .claimed_due_at = job.due_at,
                                                  .due_at = due_at},
                              deadline, postgres::Commit::may_be_lost));
}

Status note_sync_trouble(postgres::Pool& pool, const Sync& sync, const std::string& trouble, const PutOff& put_off,
                         Deadline deadline) {
  return status_of(pool.transaction({sql::note_trouble{.trouble = trouble,
                                                       .organization_id = put_off.job.organization_id,
                                                       .id = sync.id},
                                     putting_off(put_off.job, put_off.again)},
                                    deadline));
}

Status give_up_sync(postgres::Pool& pool, const ClaimedJob& job, const Sync& sync, Deadline deadline) {
  return status_of(pool.query(
      sql::give_up_sync{.organization_id = job.organization_id,
                        .job = job.id,
                        .owner = job.owner,
                        .trouble = std::string(to_string(CalendarTrouble::given_up)),
                        .id = sync.id},
      deadline));
}

Status hasten_syncs(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  return status_of(pool.query(
      sql::hasten_syncs{.organization_id = integration.organization_id, .integration_id = integration.id}, deadline));
}

Result<int64_t> freshen_syncs(postgres::Pool& pool, const std::string& organization,
                              const std::vector<std::string>& user_ids, Deadline deadline) {
  auto rows = pool.query(sql::freshen_syncs{.organization_id = organization, .user_ids = user_ids},
                         deadline);
  if (!rows) return std::move(rows).error();
  return rows->integer(0, "waiting");
}

Result<SyncList> list_syncs(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  auto read = read_with_stranded(
      pool, sql::list_syncs{.organization_id = integration.organization_id, .integration_id = integration.id},
      integration.organization_id, integration.user_id, deadline);
  if (!read && read.error().detail == Detail::no_such_table) return SyncList();
  if (!read) return std::move(read).error();
  const postgres::Rows& rows = read->rows;
  SyncList list{.syncs = {}, .stranded = std::move(read->stranded)};
  for (size_t row = 0; row < rows.size(); ++row)
    list.syncs.push_back({.calendar_id = std::string(rows.text(row, "calendar_id")),
                          .last_synced_at = rows.maybe_instant(row, "last_synced_at"),
                          .trouble = rows.maybe_text(row, "trouble").value_or(""),
                          .trouble_since = rows.maybe_instant(row, "trouble_since"),
                          .waits = rows.boolean(row, "waits"),
                          .is_told_to_wait = rows.boolean(row, "is_told_to_wait")});
  return list;
}

}  // namespace calint::store
