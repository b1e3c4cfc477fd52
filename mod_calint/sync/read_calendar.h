// One look at a calendar: what is new there becomes its busy time.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/kind.h"
#include "provider/changes.h"
#include "store/reads.h"
#include "store/syncs.h"
#include "sync/plan.h"

namespace calint::sync {

// What a look came to; all of it is stored, and the job's lease has ended.
struct Seen {
  Look look = Look::changes;
  int64_t removed = 0;  // intervals
  int64_t added = 0;
  size_t left_out = 0;  // events that couldn't be read, or not as they are written
  size_t owed = 0;      // and that couldn't be got for the moment
};

// After each step of a read. Longer than the call and the storing of what it brings.
inline constexpr std::chrono::seconds kReadLease{45};

// Who said that the calendar can't be read.
enum class SaidBy { token_endpoint, calendar_service, us };

// 1. Plans: what is new since the cursor, everything, or only what is stored into a window that has moved on.
// 2. Reads page after page, and puts what they say aside. A refused cursor leads to one read of everything.
// 3. Fetches what pages name, and what is owed from before; what can't be got now is owed to the next look.
// 4. Makes of it, series by series, what is to be stored, and puts that aside.
// 5. Stores it in one transaction.
//
// Whatever ends it before the last step leaves the busy time as it was. The job's lease lasts on meanwhile;
// `integration` is brought up to date where its tokens are refreshed. Errors of the calendar as Changes::read();
// conflict where the lease, the tick or the integration's generation is another one by now; stopping; the database's.
class CalendarRead {
 public:
  CalendarRead(const jobs::Context& context, const store::ClaimedJob& job, store::Integration& integration,
               const store::Sync& sync)
      : context_(context), job_(job), integration_(integration), sync_(sync) {}

  Result<Seen> run();

  // After an error.
  SaidBy said_by() const { return said_by_; }
  // Requests to the calendar service so far.
  int requests() const { return requests_; }

 private:
  Result<Seen> read(const Plan& plan);
  Result<Seen> expand(const Plan& plan);
  // What the calendar service says, asked by `ask` with the token that is there.
  template <typename Answer>
  Result<Answer> answer(const std::function<Result<Answer>(Changes& changes, Deadline deadline)>& ask);
  Status have_token(bool force);
  Status fetch_named(const Plan& plan, const provider::ChangesQuery& query);
  Status make_series(const Plan& plan, const std::string& zone);
  struct Merged {
    provider::SeriesChanges changes;
    std::optional<std::string> owed = {};  // an event of them that couldn't be got for the moment
  };
  Result<Merged> merge(const store::ReadGroup& group, const provider::KnownSeries& known);
  Result<std::optional<provider::ChangedItem>> event(const std::string& id);
  Result<provider::Fetched> owed_events(const std::vector<provider::NamedSeries>& owed);
  Access access() const;
  Call call() const;
  Result<Seen> apply(const Plan& plan, const std::string& cursor, const std::string& zone);
  Dialect dialect() const;
  Deadline for_database() const;
  store::Reading reading() const;
  Instant due_at() const;  // of the next look
  KeptDays kept() const;

  const jobs::Context& context_;
  const store::ClaimedJob& job_;
  store::Integration& integration_;
  const store::Sync& sync_;
  SaidBy said_by_ = SaidBy::us;
  std::optional<Secret> token_;
  bool is_renewed_ = false;
  size_t left_out_ = 0;
  size_t owed_ = 0;
  int requests_ = 0;
  std::map<std::string, std::optional<provider::ChangedItem>> asked_;  // events by id; nothing: couldn't be got
  int not_got_ = 0;
};

}  // namespace calint::sync
