// The transactions that change an integration. Each is all or nothing and one round trip; whatever was begun
// under an older generation changes nothing and ends as conflict. All write their audit row and what the
// ATS should hear of (calendar_changes) in the same transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "postgres/pool.h"
#include "store/records.h"
#include "store/used_states.h"

namespace calint::store {

// Tokens as they go into a row, sealed by the vault for the row's seal_id and generation.
struct SealedTokens {
  std::string access_token;
  std::optional<std::string> refresh_token;
  std::string seal_id;
  std::optional<Instant> expires_at;  // null: doesn't expire by itself
};

struct NewConnection {
  std::string organization_id;
  std::string user_id;
  ProviderId provider = ProviderId::google;
  std::string account;
  std::string account_key;
  ClientVersion client;       // that it was made with; an organisation's has its row
  std::string scopes;
  std::string memory = {};    // the provider's (Access)
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
Result<int64_t> store_reconnection(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                                   const NewConnection& connection, Deadline deadline);

// Another account or provider: `current` is disconnected (its own revocation queued) and the new one inserted as
// `connected` with its calendars, which were read before. Audits `switched`, one row that names both providers.
Result<int64_t> store_switch(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                             const NewConnection& connection, const std::vector<Calendar>& calendars,
                             Deadline deadline);

// The validating read worked: `connected`, calendars stored (of the first list that has any, the primary one is
// ticked; later ones leave all ticks as they are; missing ones are marked gone), queued validation done, flow ended with
// `outcome` where there is one.
// `audit` adds a `validated` row: for a retry, not for the read right after a connect.
struct Validated {
  int64_t integration_id = 0;
  std::string organization_id;
  int64_t generation = 0;
  std::vector<Calendar> calendars;
  std::string memory;       // the provider's (Access)
  std::string calendar_id;  // destination where none is chosen yet
  bool audit = false;
  std::string flow_id;      // empty: no flow ends with it
  std::string outcome;
};
Status store_validated(postgres::Pool& pool, const Validated& validated, const Actor& actor, Deadline deadline);

// The integration doesn't work: `status` is `error` or `expired`, `reason` is a stable word that the page explains.
// Audits `validation_failed` or `expired` when the status or reason changes, and makes sure that a
// validation is queued where it can help, after `retry_in` at the earliest. `seal_id` is the tokens' that failed: newer ones win.
struct Failure {
  std::string status;
  std::string reason;
  std::chrono::seconds retry_in{60};
  bool since_now = false;  // error_since is now, also where another trouble with the same status came before
  std::string refresh_lease = {};  // whose lease of the refresh ends with it; empty: nobody's
};
Status store_failure(postgres::Pool& pool, const Integration& integration, const Failure& failure, const Actor& actor,
                     Deadline deadline);

// Disconnects: inactive; tokens, calendars, destination and home gone; jobs ended, revocation queued, audited. conflict
// where the integration changed since `current` was read. `reason` goes into the audit row: a stable word, where it
// wasn't the user's wish.
Status store_disconnect(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                        const Actor& actor, Deadline deadline, const std::string& reason = {});

// Adds an audit row of its own about the calendar integration of `subject`; metadata gets the provider and,
// where given, a reason, and `provider_revocation`: `unsupported`.
struct AuditEntry {
  std::string organization_id;
  std::string action;            // without the "calendar_integration." prefix
  std::string integration_id;    // "0" where there is none
  ProviderId provider = ProviderId::google;
  std::string reason = {};       // stable word; empty: none
  bool revocation_unsupported = false;  // a grant stays at a provider that has no call to end it
};
Status store_audit(postgres::Pool& pool, const AuditEntry& entry, const Actor& actor, Deadline deadline);

}  // namespace calint::store
