// What becomes of a grant, given what the user saw and what is connected by then.
#include "site/grant_plan.h"

#include "support/check.h"

using namespace calint;
using namespace calint::site;

namespace {

enum class Account { same, other };

const Aim kSawNothing{};
const Aim kSaw7{.integration_id = 7, .generation = 2};
const Aim kAgreed{.may_switch = true, .integration_id = 7, .generation = 2};

store::Integration connected(int64_t id, int64_t generation) { return {.id = id, .generation = generation}; }

struct Case {
  const char* what;
  Aim aim;
  std::optional<store::Integration> current;
  Account account;
  GrantPlan expected;
};

const Case kCases[] = {
    {"nothing was connected, and nothing is", kSawNothing, {}, Account::other, GrantPlan::first},
    {"what was connected has ended meanwhile", kSaw7, {}, Account::other, GrantPlan::ask},
    {"even where its end was agreed to", kAgreed, {}, Account::other, GrantPlan::ask},
    {"the same account again", kSaw7, connected(7, 2), Account::same, GrantPlan::reconnect},
    {"the same account, renewed meanwhile", kSaw7, connected(7, 3), Account::same, GrantPlan::reconnect},
    {"the same account, connected meanwhile", kSawNothing, connected(8, 1), Account::same, GrantPlan::reconnect},
    {"the same account where a switch was agreed to", kAgreed, connected(7, 2), Account::same, GrantPlan::reconnect},
    {"another account, and nobody was asked", kSaw7, connected(7, 2), Account::other, GrantPlan::ask},
    {"another account, as agreed", kAgreed, connected(7, 2), Account::other, GrantPlan::switch_account},
    {"what was agreed to be replaced was renewed", kAgreed, connected(7, 3), Account::other, GrantPlan::ask},
    {"something else is connected by now", kAgreed, connected(8, 2), Account::other, GrantPlan::ask},
    {"somebody connected another account meanwhile", kSawNothing, connected(8, 1), Account::other, GrantPlan::ask},
};

}  // namespace

CALINT_TEST(only_what_the_user_saw_and_agreed_to_replace_is_replaced) {
  for (const Case& one : kCases) {
    const GrantPlan plan = plan_grant(one.aim, one.current, one.account == Account::same);
    ck_assert_msg(plan == one.expected, "%s: plan %d", one.what, static_cast<int>(plan));
  }
}
