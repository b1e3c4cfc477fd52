// A read of a calendar that is under way. What its pages name is put aside item by item, then what comes of each
// series; when all of it is there, it becomes the calendar's busy time in one transaction. So a read needs little
// memory, whatever there is, and one that ends early changes nothing.
//
// Every step that writes is fenced by the lease of the job: conflict where somebody else has it by now, or it is over. It
// lasts on with each. What is put aside doesn't outlive a crash of the database's server: conflict in every such step of a
// read that began before, which then begins anew. So no commit but that of apply_read() waits for the disk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"
#include "store/syncs.h"

namespace calint::store {

// Whose read it is.
struct Reading {
  const ClaimedJob& job;
  const Sync& sync;
  std::chrono::seconds lease;  // that it has after each step
};

// What a page says of one series. Texts are opaque to the store.
struct ReadItem {
  std::string series;
  std::string event;
  std::string text;
  bool is_removal = false;   // of an event that may be part of another series than `series`
  std::string version = {};  // empty: none
};

// What a page names.
struct ReadName {
  std::string series;
  std::string text;
  std::string version = {};  // empty: none
};

// All items of one series, in the order in which they came, and its text as it is stored.
struct ReadGroup {
  std::string series;
  std::vector<std::string> items;
  std::optional<std::string> stored;
  std::string version = {};  // of the last item
};

struct ReadInterval {
  std::string_view kind;
  std::chrono::sys_seconds start;
  std::chrono::sys_seconds end;
};

// What is owed of a series that can't be understood in its version: nothing, until it has another one.
inline constexpr const char* kUnread = "";

// What becomes of a series.
struct ReadSeries {
  std::string key;
  std::string uid = {};                      // iCalendar's; only of a single event, else empty
  std::optional<std::string> body = {};      // kept; nothing: its intervals say all, or it is gone
  std::vector<std::string> event_keys = {};  // of the body's events, but for `key`
  std::vector<ReadInterval> intervals = {};
  std::optional<std::chrono::sys_seconds> unknown_from = {};
  std::string version = {};  // empty: none
  // What it is found by, where it, or a part of it, couldn't be got; or kUnread. Without a body what is stored of it stays,
  // and the rest is of no meaning, but for the version of what is unread.
  std::optional<std::string> owed = {};
};

// Nothing is left of reads before.
Status begin_read(postgres::Pool& pool, const Reading& reading, Deadline deadline);

Status add_items(postgres::Pool& pool, const Reading& reading, const std::vector<ReadItem>& items, Deadline deadline);

Status add_names(postgres::Pool& pool, const Reading& reading, const std::vector<ReadName>& names, Deadline deadline);

// Names what reads before couldn't get.
Status add_owed(postgres::Pool& pool, const Reading& reading, Deadline deadline);

// Of what is named, once all of it is there, the next `most` behind `after`, in order and once each; fewer where there
// are no more. `known_stay`: without those that are stored in the version that was named.
Result<std::vector<ReadName>> next_named(postgres::Pool& pool, const Reading& reading, const std::string& after,
                                         int most, bool known_stay, Deadline deadline);

// Once all items are there: finds whose the removals are.
Status place_removals(postgres::Pool& pool, const Reading& reading, Deadline deadline);

// Of the next `most` series behind `after`, in order; fewer where there are no more.
Result<std::vector<ReadGroup>> next_items(postgres::Pool& pool, const Reading& reading, const std::string& after,
                                          int most, Deadline deadline);

// Stored series, in the same way.
struct StoredSeries {
  std::string key;
  std::string body;
  std::string version = {};                // as in ReadSeries, which takes both over as they are
  std::optional<std::string> owed = {};
};
Result<std::vector<StoredSeries>> next_series(postgres::Pool& pool, const Reading& reading, const std::string& after,
                                              int most, Deadline deadline);

Status add_series(postgres::Pool& pool, const Reading& reading, const std::vector<ReadSeries>& series,
                  Deadline deadline);

// Once all series are there: what is stored stays of those that were named and aren't among them.
Status keep_known(postgres::Pool& pool, const Reading& reading, Deadline deadline);

// What the calendar's row says after a read.
struct ReadEnd {
  bool is_full = false;   // all of the calendar was read: what wasn't named is no longer there
  bool is_read = true;    // false: what was stored was expanded anew, without asking anybody
  std::string cursor;
  Instant known_from;
  Instant known_until;
  int evaluator = 0;
  std::string zone;
  // The ATS is told of intervals that went and end behind this, and of those that came and begin before that.
  Instant tells_from;
  Instant tells_until;
  Instant due_at;         // when the job comes again, unless it became due meanwhile
};
struct Applied {
  int64_t removed = 0;  // intervals
  int64_t added = 0;
};
// All that was put aside becomes what is stored, and the job's lease ends: one transaction. conflict, with nothing
// changed, also where the integration isn't active or has another generation, or the calendar isn't ticked any more.
Result<Applied> apply_read(postgres::Pool& pool, const Reading& reading, const Integration& integration,
                           const ReadEnd& end, Deadline deadline);

}  // namespace calint::store
