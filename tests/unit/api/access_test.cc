#include "api/access.h"

#include "support/check.h"

using namespace calint;
using namespace calint::api;

CALINT_TEST(a_user_reaches_themselves_and_a_scheduler_or_administrator_the_organisation) {
  for (const Right right : {Right::integration, Right::availability, Right::slots, Right::holds, Right::events}) {
    CHECK(reach_of(store::User{.is_interviewer = true}, right) == Reach::self);
    CHECK(reach_of(store::User{.is_scheduler = true}, right) == Reach::organization);
    CHECK(reach_of(store::User{.is_admin = true}, right) == Reach::organization);
  }
  CHECK(reach_of(store::User{.is_interviewer = true}, Right::changes) == Reach::nobody);
  CHECK(reach_of(store::User{.is_scheduler = true}, Right::changes) == Reach::organization);
  CHECK(reach_of(store::User{.is_admin = true}, Right::own_integration) == Reach::self);
}

CALINT_TEST(a_key_reaches_what_its_scopes_say) {
  for (const api::Access& access : kAccess)
    for (const auto& [scope, name] : kScopes) {
      ServiceKey key;
      key.scopes.set(static_cast<size_t>(scope));
      CHECK((reach_of(key, access.right) == Reach::organization) == (access.scope == scope));
    }
}
