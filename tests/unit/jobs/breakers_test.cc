// When a job tries for all that wait for the operator, and when they wait no more.
#include "jobs/breakers.h"

#include "support/check.h"

using namespace calint;
using namespace calint::jobs;

namespace {

store::Breaker of_client() {
  return {.organization_id = "",
          .subject = "client/1",
          .provider = ProviderId::google,
          .kinds = {"refresh", "validate"},
          .lane = "google/1",
          .name = "google",
          .mark = "the refused one"};
}

store::Breaker of_key() {
  return {.organization_id = "", .subject = "key/0a1b2c3d", .provider = std::nullopt, .kinds = {"refresh"},
          .lane = "!key/0a1b2c3d", .name = "key 0a1b2c3d", .mark = ""};
}

}  // namespace

CALINT_TEST(whoever_has_the_lane_tries_once_it_is_time) {
  store::Breaker breaker = of_client();
  CHECK_EQUAL(step_of(breaker, {.has_lane = true, .mark = "the refused one"}), BreakerStep::wait);
  breaker.may_be_probed = true;
  CHECK_EQUAL(step_of(breaker, {.has_lane = true, .mark = "the refused one"}), BreakerStep::probe);
  CHECK_EQUAL(step_of(breaker, {.has_lane = false, .mark = "the refused one"}), BreakerStep::wait);
  CHECK_EQUAL(step_of(breaker, {.has_lane = true}), BreakerStep::probe);
}

CALINT_TEST(another_secret_closes_it_once) {
  store::Breaker breaker = of_client();
  CHECK_EQUAL(step_of(breaker, {.has_lane = true, .mark = "another"}), BreakerStep::close);
  // It came back: some node still has the former.
  CHECK_EQUAL(step_of(breaker, {.has_lane = true, .mark = "another", .closed_for_mark = true}), BreakerStep::wait);
  breaker.may_be_probed = true;
  CHECK_EQUAL(step_of(breaker, {.has_lane = true, .mark = "another", .closed_for_mark = true}), BreakerStep::probe);
}

CALINT_TEST(a_key_is_never_tried_only_had) {
  store::Breaker breaker = of_key();
  breaker.may_be_probed = true;
  CHECK_EQUAL(step_of(breaker, {}), BreakerStep::wait);
  CHECK_EQUAL(step_of(breaker, {.has_key = true}), BreakerStep::close);
}

CALINT_TEST(what_is_closed_is_released_by_anybody) {
  for (store::Breaker breaker : {of_client(), of_key()}) {
    breaker.is_closed = true;
    CHECK_EQUAL(step_of(breaker, {}), BreakerStep::release);
  }
}
