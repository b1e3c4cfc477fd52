// How many may leave at once.
#include "integration/leavers.h"

#include "support/check.h"

using namespace calint;
using namespace calint::integration;

namespace {

LeaversPlan plan(std::vector<store::LeaverCount> organizations, int64_t connected, bool nobody = false) {
  store::LeaverCounts counts{.organizations = organizations, .connected = connected, .nobody_is_entitled = nobody};
  for (const store::LeaverCount& one : organizations) counts.leaving += one.leaving;
  return plan_leavers(counts);
}

}  // namespace

CALINT_TEST(a_few_leave_whatever_part_they_are) {
  CHECK(plan({{"1", 20, 30}}, 30).held.empty());
  CHECK(plan({{"1", 5, 5}}, 5).held.empty());
}

CALINT_TEST(more_than_twenty_leave_while_they_are_a_tenth_at_most) {
  CHECK(plan({{"1", 21, 100}}, 210).held.empty());
  CHECK_EQUAL(plan({{"1", 21, 100}}, 209).held.size(), 1u);
}

CALINT_TEST(where_too_many_leave_at_once_nobody_does_in_any_organisation) {
  const LeaversPlan planned = plan({{"1", 20, 100}, {"2", 1, 50}}, 150);
  CHECK_EQUAL(planned.held.size(), 2u);
  CHECK(planned.ending.empty());
}

CALINT_TEST(all_of_an_organisation_are_not_believed_and_others_leave) {
  const LeaversPlan planned = plan({{"1", 6, 6}, {"2", 6, 7}, {"3", 5, 5}}, 1000);
  CHECK_EQUAL(planned.held.size(), 1u);
  CHECK_EQUAL(planned.held[0].organization_id, "1");
  CHECK_EQUAL(planned.ending.size(), 2u);
}

CALINT_TEST(nobody_leaves_a_view_without_a_single_user) {
  CHECK_EQUAL(plan({{"1", 1, 1}}, 1, true).held.size(), 1u);
}
