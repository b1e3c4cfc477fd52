// When background work is done again.
#include "jobs/backoff.h"

#include "support/check.h"

using namespace calint;
using namespace calint::jobs;
using namespace std::chrono_literals;

namespace {

const Instant kNow{1800000000s};
constexpr double kAlmostOne = 0.999999;

}  // namespace

CALINT_TEST(what_only_the_operator_can_mend_waits_about_an_hour) {
  CHECK_EQUAL(operator_pause(0), 45min);
  CHECK(operator_pause(kAlmostOne) > 74min && operator_pause(kAlmostOne) <= 75min);
}

CALINT_TEST(a_provider_is_asked_again_when_it_said_and_not_by_all_at_once) {
  CHECK_EQUAL(asked_pause(2h, 0), 2h);
  CHECK(asked_pause(2h, kAlmostOne) > 149min && asked_pause(2h, kAlmostOne) <= 150min);
  CHECK_EQUAL(asked_pause(1s, kAlmostOne), 1s);
  CHECK_EQUAL(asked_pause(0s, kAlmostOne), 0s);
}

CALINT_TEST(an_account_without_a_slot_is_tried_again_in_seconds) {
  CHECK_EQUAL(slot_pause(0), 1s);
  CHECK_EQUAL(slot_pause(kAlmostOne), 3s);
}

CALINT_TEST(only_work_that_never_ends_is_taken_for_poison) {
  CHECK(is_poison(6, kNow - 3h, kNow));
  CHECK(!is_poison(5, kNow - 3h, kNow));   // nodes are killed now and then
  CHECK(!is_poison(90, kNow - 1h, kNow));  // an ordinary failure ends it first
  CHECK(!is_poison(90, std::nullopt, kNow));
}
