// How a user's connection stands, for the ATS.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

struct CalendarView {
  std::string calendar_id;
  std::string name;
  bool is_primary = false;
  bool is_shared = false;
  bool can_write = false;
  bool sync = false;                      // ticked
  bool gone = false;
  std::optional<Instant> last_synced_at;  // of one that is ticked
  std::string trouble;                    // why it can't be read now; empty: it can
};

struct ConnectionView {
  int64_t id = 0;
  std::string provider;  // empty: nothing is connected
  std::string status;
  std::string reason;
  std::string account;
  std::string calendar_id;
  std::optional<Instant> connected_at;
  std::optional<Instant> token_expires_at;
  bool was_connected = false;  // with nothing connected: something was before
  std::vector<CalendarView> calendars;
};

// One round trip. nullopt where the organisation has no active user of this id.
Result<std::optional<ConnectionView>> view_connection(postgres::Pool& pool, const std::string& organization,
                                                      const std::string& user_id, Deadline deadline);

}  // namespace calint::store
