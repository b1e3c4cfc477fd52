// Who may what: the one table. docs/api.md shows it to people.
#pragma once

#include <array>
#include <optional>

#include "runtime/service_key.h"
#include "store/records.h"

namespace calint::api {

// What a call is about.
enum class Right { own_integration, integration, availability, slots, holds, events, changes };

// Whose.
enum class Reach { nobody, self, organization };

struct Access {
  Right right;
  Reach user;                  // of a signed-in user who is neither scheduler nor administrator
  Reach scheduler;             // of one who is
  std::optional<Scope> scope;  // by which a service key reaches its organisation; unset: none does
};

// In the order of Right.
inline constexpr std::array<Access, 7> kAccess = {{
    {Right::own_integration, Reach::self, Reach::self, std::nullopt},
    {Right::integration, Reach::self, Reach::organization, Scope::availability},
    {Right::availability, Reach::self, Reach::organization, Scope::availability},
    {Right::slots, Reach::self, Reach::organization, Scope::availability},
    {Right::holds, Reach::self, Reach::organization, Scope::events},
    {Right::events, Reach::self, Reach::organization, Scope::events},
    {Right::changes, Reach::nobody, Reach::organization, Scope::changes},
}};

constexpr const Access& access_to(Right right) { return kAccess[static_cast<size_t>(right)]; }

Reach reach_of(const store::User& user, Right right);
Reach reach_of(const ServiceKey& key, Right right);

}  // namespace calint::api
