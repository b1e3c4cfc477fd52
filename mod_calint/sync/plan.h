// What a look at a calendar has to do, and when the next one comes. Pure.
#pragma once

#include <chrono>

#include "base/clock.h"
#include "calendar/series.h"
#include "store/syncs.h"

namespace calint::sync {

// What is stored was expanded by it. Another one reads everything anew.
inline constexpr int kEvaluator = 1;

// CalIntSyncWindow.
struct KeptDays {
  std::chrono::days past{7};
  std::chrono::days future{180};
};

enum class Look {
  changes,     // what is new since the cursor
  everything,
  comparison,  // everything, but what is known in the version that the provider names stays
  expansion,   // what is stored, into a window that has moved on; nobody is asked
};

struct Plan {
  Look look = Look::everything;
  // That intervals are made for. It reaches 30 days past what is kept, so that the days in between needn't be expanded
  // one by one: a calendar's window moves on every two to four weeks, each on a day of its own.
  calendar::Window window;
};

// What a provider's dialect can do (provider/changes.h).
struct Dialect {
  bool cursor_holds_window = false;
  bool names_versions = false;
};

// A cursor that is there belongs to the window that is known. Where it holds the window it tells of nothing behind it,
// so that a window that moves on is read anew. Where there are versions, everything is compared once a day, and when
// somebody asks for a look; but pages name no zone then, and in another one than the list's now what has none was read
// wrongly, in whatever version it is.
Plan plan(const store::Sync& sync, const KeptDays& kept, Instant now, const Dialect& dialect = {});

// A read of everything, whatever is there.
Plan plan_everything(const KeptDays& kept, Instant now);

// After a cursor of `planned` was refused.
Plan plan_without_cursor(const Plan& planned, const KeptDays& kept, Instant now, const Dialect& dialect);

// Of a calendar that could be read: `interval` from now at most, and a quarter of it earlier at the most. `unit` is
// uniform in [0, 1).
Instant next_look(Instant now, std::chrono::seconds interval, double unit);

}  // namespace calint::sync
