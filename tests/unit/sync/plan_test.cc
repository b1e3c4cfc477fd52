// What a look at a calendar has to do, as its window moves on and settings change.
#include "sync/plan.h"

#include "support/check.h"

using namespace calint;
using namespace calint::sync;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

namespace {

constexpr sys_days kToday = std::chrono::year(2027) / 3 / 10;
const Instant kNow = kToday + 15h;

store::Sync after(const Plan& plan, int64_t id = 0) {
  return {.id = id,
          .cursor = "c",
          .known_from = plan.window.from,
          .known_until = plan.window.to,
          .evaluator = kEvaluator};
}

Look look(const store::Sync& sync, int later, const KeptDays& kept = {}) {
  return plan(sync, kept, kNow + days(later)).look;
}

}  // namespace

CALINT_TEST(a_calendar_that_was_never_read_is_read_in_full_from_the_first_day_kept_to_30_days_past_the_last) {
  const Plan first = plan({}, {}, kNow);
  CHECK_EQUAL(first.look, Look::everything);
  CHECK_EQUAL(first.window.from, kToday - days(7));
  CHECK_EQUAL(first.window.to, kToday + days(1 + 180 + 30));
}

CALINT_TEST(later_looks_ask_what_is_new_until_the_margin_is_used_up) {
  const store::Sync sync = after(plan({}, {}, kNow));
  CHECK_EQUAL(look(sync, 0), Look::changes);
  CHECK_EQUAL(look(sync, 25), Look::changes);
  CHECK_EQUAL(look(sync, 26), Look::expansion);
  const Plan changes = plan(sync, {}, kNow + days(3));
  CHECK_EQUAL(changes.window.from, kToday - days(7));
  CHECK_EQUAL(changes.window.to, kToday + days(211));
  const Plan expansion = plan(sync, {}, kNow + days(26));
  CHECK_EQUAL(expansion.window.from, kToday + days(26 - 7));
  CHECK_EQUAL(expansion.window.to, kToday + days(26 + 211));
}

CALINT_TEST(calendars_move_on_on_days_of_their_own_and_never_too_late) {
  for (int64_t id = 0; id < 20; ++id) {
    const store::Sync sync = after(plan({}, {}, kNow), id);
    const int first = static_cast<int>(26 - id % 10);
    CHECK_EQUAL(look(sync, first - 1), Look::changes);
    CHECK_EQUAL(look(sync, first), Look::expansion);
  }
}

CALINT_TEST(where_the_cursor_holds_the_window_a_window_that_moves_on_is_read_anew) {
  const store::Sync sync = after(plan({}, {}, kNow));
  CHECK_EQUAL(plan(sync, {}, kNow + days(25), {.cursor_holds_window = true}).look, Look::changes);
  const Plan anew = plan(sync, {}, kNow + days(26), {.cursor_holds_window = true});
  CHECK_EQUAL(anew.look, Look::everything);
  CHECK_EQUAL(anew.window.to, kToday + days(26 + 211));
}

CALINT_TEST(what_a_cursor_cant_answer_for_is_read_in_full) {
  const store::Sync sync = after(plan({}, {}, kNow));
  store::Sync other = sync;
  other.cursor.clear();
  CHECK_EQUAL(look(other, 1), Look::everything);
  other = sync;
  other.evaluator = kEvaluator - 1;
  CHECK_EQUAL(look(other, 1), Look::everything);
  // A wider window into the past; into the future everything is known.
  CHECK_EQUAL(look(sync, 0, {.past = days(8)}), Look::everything);
  CHECK_EQUAL(look(sync, 1, {.past = days(8)}), Look::changes);
  CHECK_EQUAL(look(sync, 0, {.future = days(365)}), Look::expansion);
  CHECK_EQUAL(look(sync, 0, {.past = days(1), .future = days(30)}), Look::changes);
}

CALINT_TEST(where_there_are_versions_everything_is_compared_once_a_day_and_when_somebody_asks) {
  const Dialect dialect{.names_versions = true};
  store::Sync sync = after(plan({}, {}, kNow));
  sync.full_read_at = kNow;
  CHECK_EQUAL(plan(sync, {}, kNow + 23h, dialect).look, Look::changes);
  const Plan daily = plan(sync, {}, kNow + 24h, dialect);
  CHECK(daily.look == Look::comparison && daily.window.to == *sync.known_until);
  CHECK_EQUAL(plan(sync, {}, kNow + 24h).look, Look::changes);
  sync.asked_at = kNow + 1h;
  CHECK_EQUAL(plan(sync, {}, kNow + 2h, dialect).look, Look::comparison);
  sync.full_read_at = kNow + 2h;
  CHECK_EQUAL(plan(sync, {}, kNow + 3h, dialect).look, Look::changes);
  CHECK_EQUAL(plan(sync, {}, kNow + days(26), dialect).look, Look::expansion);
}

CALINT_TEST(a_calendar_that_is_in_another_zone_now_is_read_in_full_where_no_page_says_its_zone) {
  store::Sync sync = after(plan({}, {}, kNow));
  sync.full_read_at = kNow - 24h;
  sync.zone = "Europe/Berlin";
  sync.calendar_zone = "Asia/Tokyo";
  for (const int later : {0, 1, 26}) {
    CHECK_EQUAL(plan(sync, {}, kNow + days(later), {.names_versions = true}).look, Look::everything);
    CHECK(look(sync, later) != Look::everything);
  }
  sync.calendar_zone = "Europe/Berlin";
  CHECK_EQUAL(plan(sync, {}, kNow, {.names_versions = true}).look, Look::comparison);
}

CALINT_TEST(a_refused_cursor_costs_a_comparison_where_there_are_versions) {
  const Plan changes = plan(after(plan({}, {}, kNow)), {}, kNow + days(3));
  const Plan compared = plan_without_cursor(changes, {}, kNow + days(3), {.names_versions = true});
  CHECK(compared.look == Look::comparison && compared.window.to == changes.window.to);
  CHECK_EQUAL(plan_without_cursor(compared, {}, kNow, {.names_versions = true}).look, Look::everything);
  CHECK_EQUAL(plan_without_cursor(changes, {}, kNow, {}).look, Look::everything);
}

CALINT_TEST(looks_are_spread_and_never_later_than_the_interval) {
  CHECK_EQUAL(next_look(kNow, 600s, 0), kNow + 600s);
  CHECK_EQUAL(next_look(kNow, 600s, 0.5), kNow + 525s);
  CHECK(next_look(kNow, 600s, 0.999) > kNow + 450s);
}
