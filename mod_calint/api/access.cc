#include "api/access.h"

namespace calint::api {
namespace {

constexpr bool has_order_of_rights() {
  for (size_t i = 0; i < kAccess.size(); ++i)
    if (static_cast<size_t>(kAccess[i].right) != i) return false;
  return kAccess.back().right == Right::changes;
}
static_assert(has_order_of_rights());

}  // namespace

Reach reach_of(const store::User& user, Right right) {
  const Access& access = access_to(right);
  return user.is_scheduler || user.is_admin ? access.scheduler : access.user;
}

Reach reach_of(const ServiceKey& key, Right right) {
  const Access& access = access_to(right);
  return access.scope && key.may(*access.scope) ? Reach::organization : Reach::nobody;
}

}  // namespace calint::api
