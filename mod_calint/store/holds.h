// Time kept for a candidate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

struct Hold {
  std::string id;
  std::string ref;
  std::vector<std::string> user_ids;  // in the order asked
  Instant start;
  Instant end;
  Instant expires_at;
  Instant created_at;
};

struct WantedHold {
  std::string organization_id;
  std::string id;  // of a new one
  std::string ref;
  std::vector<std::string> user_ids;  // no two alike
  Instant start;
  Instant end;
  Instant expires_at;
  bool allow_conflict = false;
};

// Of one person, that haven't ended.
inline constexpr int kMostHolds = 1000;

struct MadeHold {
  std::optional<Hold> hold;          // nothing: something was in the way
  bool is_new = false;               // false: the same was there already
  std::vector<std::string> full_up;  // who has kMostHolds: nothing more is kept of their time
  std::string conflicts;             // JSON; empty: nothing was in the way
};
// Locks the people's time, so that of two at once one wins. One round trip.
Result<MadeHold> make_hold(postgres::Pool& pool, const WantedHold& wanted, Deadline deadline);

// nullopt where it has ended, or never was.
Result<std::optional<Hold>> find_hold(postgres::Pool& pool, const std::string& organization, const std::string& id,
                                      Deadline deadline);
// Locks the people's time, as somebody may be taking it at the very end of `hold`. One round trip.
Result<std::optional<Hold>> put_hold_off(postgres::Pool& pool, const std::string& organization, const Hold& hold,
                                         Instant expires_at, Deadline deadline);

// False where there never was one, or not for a day.
Result<bool> release_hold(postgres::Pool& pool, const std::string& organization, const std::string& id,
                          Deadline deadline);

struct HoldFilter {
  std::optional<std::string> ref;
  std::optional<std::string> user_id;  // of this person alone
  Instant after_start;                 // with the id: the place behind which the list begins
  std::string after_id;
  int most = 0;
};
Result<std::vector<Hold>> list_holds(postgres::Pool& pool, const std::string& organization, const HoldFilter& filter,
                                     Deadline deadline);

}  // namespace calint::store
