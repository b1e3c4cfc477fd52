// Who calls: a signed-in user or a service key, and for which organisation.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/access.h"
#include "api/answers.h"
#include "api/query.h"

namespace calint::api {

struct Caller {
  std::optional<store::User> user;  // unset: a service key
  std::optional<ServiceKey> key;
  std::string organization_id;      // that the call is about

  Reach reach(Right right) const { return user ? reach_of(*user, right) : reach_of(*key, right); }
  // Whether a call with this reach may ask for this user.
  bool may_ask_for(Reach reach, const std::string& user_id) const {
    return reach == Reach::organization || (reach == Reach::self && user && user->id == user_id);
  }
  // The same of what is about these people together.
  bool may_ask_for(Reach reach, const std::vector<std::string>& user_ids) const {
    return std::all_of(user_ids.begin(), user_ids.end(), [&](const auto& id) { return may_ask_for(reach, id); });
  }
  std::string name() const { return user ? "user " + user->id : "service key " + key->name; }
};

// The caller, or the answer that it gets instead: 401, 403 where the login is no single active row of calint_users or a
// call that changes something isn't surely its user's own (runtime/csrf.h), 400 or 404 for the wrong organisation. A
// key of no organisation takes it from `query`'s organization_id.
std::variant<Caller, Response> caller_of(Runtime& runtime, const ApiCall& call, Query& query);

}  // namespace calint::api
