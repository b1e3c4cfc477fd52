// When background work is done again.
#include "integration/pace.h"

#include "support/check.h"

using namespace calint;
using namespace calint::integration;
using namespace std::chrono_literals;

namespace {

const Instant kNow{1800000000s};
constexpr double kAlmostOne = 0.999999;

}  // namespace

CALINT_TEST(tokens_are_refreshed_ahead_of_their_end_and_not_all_at_once) {
  CHECK(refresh_due_at(kNow + 1h, kNow, 300s, 0) == kNow + 1h - 300s);
  const Instant earliest = refresh_due_at(kNow + 1h, kNow, 300s, kAlmostOne);
  CHECK(earliest >= kNow + 1h - 375s && earliest < kNow + 1h - 374s);
}

CALINT_TEST(tokens_that_live_no_longer_than_the_lead_are_not_refreshed_all_the_time) {
  CHECK(refresh_due_at(kNow + 300s, kNow, 300s, kAlmostOne) == kNow + 150s);
  CHECK(refresh_due_at(kNow + 10s, kNow, 300s, 0) == kNow + 30s);
  CHECK(refresh_due_at(kNow - 10s, kNow, 300s, 0) == kNow + 30s);
  CHECK(refresh_due_at(kNow + 3599s, kNow, 3000s, kAlmostOne) == kNow + 3599s / 2 + 500ms);
}

CALINT_TEST(what_only_the_operator_can_mend_waits_about_an_hour) {
  CHECK(operator_pause(0) == 45min);
  CHECK(operator_pause(kAlmostOne) > 74min && operator_pause(kAlmostOne) <= 75min);
}

CALINT_TEST(a_provider_is_asked_again_when_it_said_and_not_by_all_at_once) {
  CHECK(asked_pause(2h, 0) == 2h);
  CHECK(asked_pause(2h, kAlmostOne) > 149min && asked_pause(2h, kAlmostOne) <= 150min);
  CHECK(asked_pause(1s, kAlmostOne) == 1s);
  CHECK(asked_pause(0s, kAlmostOne) == 0s);
}

CALINT_TEST(a_node_without_a_place_tries_again_in_seconds) {
  CHECK(place_pause(0) == 1s);
  CHECK(place_pause(kAlmostOne) == 3s);
}

CALINT_TEST(only_work_that_never_ends_is_taken_for_poison) {
  CHECK(is_poison(6, kNow - 27h, 24h, kNow));
  CHECK(!is_poison(5, kNow - 27h, 24h, kNow));   // nodes are killed now and then
  CHECK(!is_poison(90, kNow - 25h, 24h, kNow));  // an ordinary failure ends it first
  CHECK(is_over(kNow - 24h, 24h, kNow) && !is_over(kNow - 24h + 1s, 24h, kNow));
}
