// How far each ticked calendar has been read, and the jobs that read it. A calendar's row and its job come with the
// tick and go with it (sql/migrations/0009_sync.sql).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"
#include "store/interviews.h"
#include "store/jobs.h"
#include "store/quotas.h"
#include "store/records.h"

namespace calint::store {

// A ticked calendar. What is stored for it is fenced by `id`: another tick is another row.
struct Sync {
  int64_t id = 0;
  std::string calendar_id;
  std::string calendar_zone;           // as the list has it, else the primary calendar's; empty: unknown, so UTC
  std::string calendar_owner;          // likewise; empty: the account's own
  std::string cursor;                  // empty: the next read reads everything
  std::optional<Instant> known_from;   // busy time is known from there ...
  std::optional<Instant> known_until;  // ... to there, as of last_synced_at; unset: nothing is
  int evaluator = 0;                   // that it was expanded with
  std::string zone;                    // that what has no zone of its own was read in
  std::optional<Instant> last_synced_at;  // when nothing was owed last
  std::optional<Instant> full_read_at;
  std::optional<Instant> asked_at;     // when somebody asked for a look last
  bool owes = false;                   // a read before couldn't get all
  std::optional<Instant> tried_at;     // when a read ended last that failed, or couldn't get all
  std::string trouble;                 // why it can't be read now; empty: it can
};

struct SyncJob {
  ClaimedJob job;
  std::optional<Integration> integration;  // nothing: it is no longer active
  std::optional<Sync> sync;                // nothing: it isn't ticked any more
  // Its OAuth client has no request left for it, until then at least.
  std::optional<std::chrono::seconds> quota_wait = {};
};
// `quotas` of every provider that has some.
Result<Claimed<SyncJob>> claim_syncs(postgres::Pool& pool, const Claim& claim, const std::vector<Quota>& quotas,
                                     RoundRobin& round, Deadline deadline);

// A look that found nothing new: the calendar is known as of now, and the job comes again at `due_at`, or at once where
// it became due meanwhile. Nothing where somebody else has the lease by now. A crash of the server may lose it: then that
// look is due again, from the cursor before.
Status note_unchanged(postgres::Pool& pool, const ClaimedJob& job, const Sync& sync, const std::string& cursor,
                      Instant due_at, Deadline deadline);

// It can't be read, for a reason that is a stable word; its busy time stays. Ends the lease.
Status note_sync_trouble(postgres::Pool& pool, const Sync& sync, const std::string& trouble, const PutOff& put_off,
                         Deadline deadline);

// Nothing more is tried until somebody asks for it; the job stays with given_up_at.
Status give_up_sync(postgres::Pool& pool, const ClaimedJob& job, const Sync& sync, Deadline deadline);

// The last_error of a job whose provider named a time to wait for. A limit without one is no such word.
inline constexpr const char* kToldToWait = "told_to_wait";

// All ticked calendars of an integration are read now, as somebody asks for it, but for what a provider told to wait.
Status hasten_syncs(postgres::Pool& pool, const Integration& integration, Deadline deadline);

// The ticked calendars of people are read now, as the ATS asks for it: one that was read or tried within a minute isn't,
// nor one that has to be read as a whole first, nor what a provider told to wait for. How many are still to be read.
Result<int64_t> freshen_syncs(postgres::Pool& pool, const std::string& organization,
                              const std::vector<std::string>& user_ids, Deadline deadline);

struct SyncRow {
  std::string calendar_id;
  std::optional<Instant> last_synced_at;
  std::string trouble;                   // empty: none
  std::optional<Instant> trouble_since;
  bool waits = false;                    // to be read now, is being read, or asked for and put off
  bool is_told_to_wait = false;          // its provider named a time before which it isn't read
};
struct SyncList {
  std::vector<SyncRow> syncs;  // by calendar_id
  StrandedInterviews stranded;
};
// None before the schema has them. One round trip.
Result<SyncList> list_syncs(postgres::Pool& pool, const Integration& integration, Deadline deadline);

}  // namespace calint::store
