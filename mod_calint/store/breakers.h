// Breakers: what the operator has to mend for many at once, and what waits for it. A row of calendar_breakers lasts
// from the first refusal until all that waited is due again. While there is one nobody claims its jobs: those of the
// server's OAuth client stay in their lane, which is closed; others wait in a lane of the breaker's own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/provider_id.h"
#include "postgres/pool.h"
#include "store/jobs.h"

namespace calint::store {

// From one job that tries for all that wait to the next.
inline constexpr std::chrono::minutes kProbeEvery{1};

// What waited is spread over as long as it takes at this rate, so that a provider isn't met by all of it at once.
inline constexpr int kReleasedPerSecond = 50;
inline constexpr std::chrono::minutes kLongestSpread{10};

struct Breaker {
  std::string organization_id;            // of the OAuth client; '' for the server's and for keys
  std::string subject;                    // client/17, calendars/17 (rows of calendar_oauth_clients), key/0a1b2c3d
  std::optional<ProviderId> provider;     // nothing: of a key
  std::vector<std::string> kinds;         // of the jobs that wait; the first shows whether it works again
  std::string lane;                       // where they wait
  std::string name;                       // as the log names it
  std::optional<std::string> mark;        // by which another secret is told apart; nothing: the store knows it
  int64_t client_row = 0;                 // of an organisation's own client, when it is opened
  bool is_closed = false;                 // what waited is being made due
  bool may_be_probed = false;
  std::optional<std::string> own_mark = {};  // what the store would give it as mark now
};

// Opens it, or keeps it open, and has the job, which met it, wait for it. One round trip. Nothing is done to the job
// where somebody else has its lease by now. Detail::no_such_table on the schema before.
Status hold_job(postgres::Pool& pool, const ClaimedJob& job, std::string_view kind, const Breaker& breaker,
                const std::string& reason, Deadline deadline);

// True where the caller, and nobody else for kProbeEvery, may try whether it works again.
Result<bool> claim_probe(postgres::Pool& pool, const Breaker& breaker, Deadline deadline);

struct Released {
  std::string name;
  int64_t jobs = 0;               // that waited
  std::chrono::seconds spread{0};  // within which they will be due
};
// Nothing where it isn't open.
Result<std::optional<Released>> close_breaker(postgres::Pool& pool, const Breaker& breaker, Deadline deadline);
Result<std::vector<Released>> close_all_breakers(postgres::Pool& pool, Deadline deadline);

// Makes a batch of what waited for a breaker that is closed due. True once nothing is left: the breaker is gone.
Result<bool> release_jobs(postgres::Pool& pool, const Breaker& breaker, Deadline deadline);

Result<std::vector<Breaker>> list_breakers(postgres::Pool& pool, Deadline deadline);

inline constexpr std::chrono::minutes kHastenedWithin{1};
// What was put off because the operator had to mend something else is due within that time. Returns how much.
Result<int64_t> hasten_operators_jobs(postgres::Pool& pool, Deadline deadline);

}  // namespace calint::store
