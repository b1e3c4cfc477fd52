// The active integrations: found, validated, failing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.h"
#include "postgres/pool.h"
#include "store/jobs.h"
#include "store/records.h"

namespace calint::store {

// By its id; nullopt where it is gone or no longer active.
Result<std::optional<Integration>> find_integration(postgres::Pool& pool, const std::string& organization, int64_t id,
                                                    Deadline deadline);

// The user's, if any.
Result<std::optional<Integration>> find_active(postgres::Pool& pool, const std::string& organization,
                                               const std::string& user_id, Deadline deadline);

// The validating read worked: `connected`, calendars stored (of the first list that has any, the primary one is
// ticked; later ones leave all ticks as they are; missing ones are marked gone, and unticked once they were for
// kGonePatience), queued validation done, flow ended with `outcome` where there is one. The ATS is told where the
// connection works again, or for the first time, and where the list differs from the one before. `audit` adds a
// `validated` row: for a retry, not for the read right after a connect.
inline constexpr std::chrono::days kGonePatience{7};
struct Validated {
  int64_t integration_id = 0;
  std::string organization_id;
  int64_t generation = 0;
  std::vector<Calendar> calendars;
  bool is_cut = false;      // the account has more: the reason is list_cut
  std::string memory;       // the provider's (Access)
  std::string calendar_id;  // destination where none is chosen yet
  bool audit = false;
  std::string flow_id;      // empty: no flow ends with it
  std::optional<Notice> outcome;
};
Status store_validated(postgres::Pool& pool, const Validated& validated, const Actor& actor, Deadline deadline);

// The integration doesn't work: `status` is `error` or `expired`.
// Audits `validation_failed` or `expired`, and tells the ATS, when the status or reason changes, and makes sure that a
// validation is queued where it can help, after `retry_in` at the earliest. What is expired is neither refreshed nor
// validated any more. `seal_id` is the tokens' that failed: newer ones win.
struct Failure {
  ConnectionStatus status = ConnectionStatus::error;
  Reason reason = Reason::provider_unavailable;
  std::chrono::seconds retry_in{60};
  bool since_now = false;  // error_since is now, also where another trouble with the same status came before
  std::optional<PutOff> put_off = std::nullopt;  // the job that met it
};
Status store_failure(postgres::Pool& pool, const Integration& integration, const Failure& failure, const Actor& actor,
                     Deadline deadline);

}  // namespace calint::store
