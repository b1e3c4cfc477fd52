// The transactions that begin, renew and end a connection. Each is all or nothing and one round trip; what was begun
// under an older generation changes nothing and ends as conflict. The audit row and what the ATS should hear of
// (calendar_changes) are in the same transaction, but for a first connection, of which it hears once the calendars were
// read or could not be: whoever stores that writes the change, so also after a crash in between.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "postgres/pool.h"
#include "store/flows.h"
#include "store/records.h"

namespace calint::store {

struct NewConnection {
  std::string organization_id;
  std::string user_id;
  ProviderId provider = ProviderId::google;
  std::string account;
  std::string account_key;
  ClientVersion client;       // that it was made with; an organisation's has its row
  std::string scopes;
  std::string memory = {};    // the provider's (Access)
  bool is_cut = false;        // the account has more calendars than were taken
  std::string destination = {};  // the calendar that interviews are written to; empty: none can be
  std::optional<Instant> refresh_due_at;  // null: nothing to refresh
  SealedTokens tokens;
  FlowKey flow;
  Actor actor;
};

// With nothing connected: inserts the integration with status `error` and a queued validation, cancels pending
// revocations of the same grant and audits `connected`. The flow's outcome is `validation_failed` until
// store_validated says better, so that a crash in between leaves the truth. Returns its id.
// conflict where something was connected meanwhile.
Result<int64_t> store_first_connection(postgres::Pool& pool, const NewConnection& connection, Deadline deadline);

// The same account again: the row keeps its id, calendars and events, and gets the next generation. Sealed for
// current.generation + 1. Through another OAuth client the account key changes, and `revocation` releases the grant
// before. Audits `reconnected`.
Result<int64_t> store_reconnection(postgres::Pool& pool, const Integration& current,
                                   const std::optional<Revocation>& revocation, const NewConnection& connection,
                                   Deadline deadline);

// Another account or provider: `current` is disconnected (its own revocation queued) and the new one inserted as
// `connected` with its calendars, which were read before. Audits `switched`, one row that names both providers.
Result<int64_t> store_switch(postgres::Pool& pool, const Integration& current,
                             const std::optional<Revocation>& revocation, const NewConnection& connection,
                             const std::vector<Calendar>& calendars, Deadline deadline);

// Disconnects: inactive; tokens, calendars, destination and home gone; jobs ended, revocation queued, audited. conflict
// where the integration changed since `current` was read. `reason` goes into the audit row, where it wasn't the
// user's wish.
Status store_disconnect(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                        const Actor& actor, Deadline deadline, std::optional<Reason> reason = std::nullopt);

}  // namespace calint::store
