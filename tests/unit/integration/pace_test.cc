// When tokens are refreshed, and when trouble counts.
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
  CHECK_EQUAL(refresh_due_at(kNow + 1h, kNow, 300s, 0), kNow + 1h - 300s);
  const Instant earliest = refresh_due_at(kNow + 1h, kNow, 300s, kAlmostOne);
  CHECK(earliest >= kNow + 1h - 375s && earliest < kNow + 1h - 374s);
}

CALINT_TEST(tokens_that_live_no_longer_than_the_lead_are_not_refreshed_all_the_time) {
  CHECK_EQUAL(refresh_due_at(kNow + 300s, kNow, 300s, kAlmostOne), kNow + 150s);
  CHECK_EQUAL(refresh_due_at(kNow + 10s, kNow, 300s, 0), kNow + 30s);
  CHECK_EQUAL(refresh_due_at(kNow - 10s, kNow, 300s, 0), kNow + 30s);
  CHECK_EQUAL(refresh_due_at(kNow + 3599s, kNow, 3000s, kAlmostOne), kNow + 3599s / 2 + 500ms);
}

CALINT_TEST(trouble_counts_once_it_has_lasted_for_the_grace) {
  CHECK(is_over(kNow - 24h, 24h, kNow) && !is_over(kNow - 24h + 1s, 24h, kNow));
}
