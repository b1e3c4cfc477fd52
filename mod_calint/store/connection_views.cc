#include "store/connection_views.h"

#include "store/sql/integrations.h"
#include "store/users.h"

namespace calint::store {
namespace {

CalendarView calendar_from(const postgres::Rows& rows, size_t row) {
  return {.calendar_id = std::string(rows.text(row, "calendar_id")),
          .name = std::string(rows.text(row, "name")),
          .is_primary = rows.boolean(row, "is_primary"),
          .is_shared = rows.boolean(row, "shared"),
          .can_write = rows.boolean(row, "can_write"),
          .sync = rows.boolean(row, "sync"),
          .gone = rows.boolean(row, "gone"),
          .last_synced_at = rows.maybe_instant(row, "last_synced_at"),
          .trouble = rows.maybe_text(row, "trouble").value_or("")};
}

}  // namespace

Result<std::optional<ConnectionView>> view_connection(postgres::Pool& pool, const std::string& organization,
                                                      const std::string& user_id, Deadline deadline) {
  auto rows = pool.query(sql::view_connection{.organization_id = organization, .user_id = user_id}, deadline);
  if (!rows) return about_users(std::move(rows).error());
  if (rows->empty()) return std::optional<ConnectionView>();
  ConnectionView view{.was_connected = rows->boolean(0, "was_connected")};
  if (!rows->is_null(0, "id")) {
    view.id = rows->integer(0, "id");
    view.provider = rows->text(0, "provider");
    view.status = rows->text(0, "status");
    view.reason = rows->maybe_text(0, "last_error").value_or("");
    view.account = rows->maybe_text(0, "account").value_or("");
    view.calendar_id = rows->maybe_text(0, "destination").value_or("");
    view.connected_at = rows->maybe_instant(0, "connected_at");
    view.token_expires_at = rows->maybe_instant(0, "token_expires_at");
  }
  for (size_t row = 0; row < rows->size() && !rows->is_null(row, "calendar_id"); ++row)
    view.calendars.push_back(calendar_from(*rows, row));
  return std::optional(std::move(view));
}

}  // namespace calint::store
