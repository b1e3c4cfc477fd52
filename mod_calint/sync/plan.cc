#include "sync/plan.h"

namespace calint::sync {
namespace {

using std::chrono::days;

constexpr days kMargin{30};
// What is left of it when the window moves on, and over how many days calendars are spread.
constexpr days kLeast{5};
constexpr int64_t kSpread = 10;

// Between two comparisons that nobody asked for.
constexpr std::chrono::hours kCompares{24};

// What is kept, in whole days around today's.
calendar::Window kept_window(const KeptDays& kept, Instant now) {
  const auto today = std::chrono::floor<days>(now);
  return {.from = today - kept.past, .to = today + days(1) + kept.future};
}

bool is_to_be_compared(const store::Sync& sync, Instant now) {
  if (!sync.full_read_at || *sync.full_read_at + kCompares <= now) return true;
  return sync.asked_at && *sync.asked_at >= *sync.full_read_at;
}

}  // namespace

Plan plan_everything(const KeptDays& kept, Instant now) {
  calendar::Window window = kept_window(kept, now);
  window.to += kMargin;
  return {.look = Look::everything, .window = window};
}

Plan plan(const store::Sync& sync, const KeptDays& kept, Instant now, const Dialect& dialect) {
  const calendar::Window wanted = kept_window(kept, now);
  Plan all = plan_everything(kept, now);
  if (sync.cursor.empty() || !sync.known_from || !sync.known_until) return all;
  if (sync.evaluator != kEvaluator || *sync.known_from > wanted.from) return all;
  if (dialect.names_versions && sync.zone != sync.calendar_zone) return all;
  if (*sync.known_until < wanted.to + kLeast + days(sync.id % kSpread))
    return dialect.cursor_holds_window ? all : Plan{.look = Look::expansion, .window = all.window};
  const bool compares = dialect.names_versions && is_to_be_compared(sync, now);
  return {.look = compares ? Look::comparison : Look::changes,
          .window = {.from = std::chrono::floor<std::chrono::seconds>(*sync.known_from),
                     .to = std::chrono::floor<std::chrono::seconds>(*sync.known_until)}};
}

Plan plan_without_cursor(const Plan& planned, const KeptDays& kept, Instant now, const Dialect& dialect) {
  if (!dialect.names_versions || planned.look != Look::changes) return plan_everything(kept, now);
  return {.look = Look::comparison, .window = planned.window};
}

Instant next_look(Instant now, std::chrono::seconds interval, double unit) {
  const auto whole = std::chrono::duration<double>(interval) * (1 - 0.25 * unit);
  return now + std::chrono::duration_cast<Instant::duration>(whole);
}

}  // namespace calint::sync
