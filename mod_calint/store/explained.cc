#include "store/explained.h"

#include "store/sql/explained.h"

namespace calint::store {

Result<std::vector<ExplainedCalendar>> explained_calendars(postgres::Pool& pool, int64_t integration,
                                                           Deadline deadline) {
  auto rows = pool.query(sql::explained_calendars{.integration_id = integration}, deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ExplainedCalendar> calendars;
  for (size_t row = 0; row < rows->size(); ++row)
    calendars.push_back({.organization_id = std::string(rows->text(row, "organization_id")),
                         .sync = rows->integer(row, "id"),
                         .calendar_id = std::string(rows->text(row, "calendar_id")),
                         .zone = std::string(rows->text(row, "zone")),
                         .known_from = rows->maybe_instant(row, "known_from"),
                         .known_until = rows->maybe_instant(row, "known_until"),
                         .last_synced_at = rows->maybe_instant(row, "last_synced_at"),
                         .trouble = rows->maybe_text(row, "trouble").value_or("")});
  return calendars;
}

Result<std::vector<ExplainedEvent>> explained_events(postgres::Pool& pool, const ExplainedCalendar& calendar,
                                                     const std::string& after, int most, Deadline deadline) {
  auto rows = pool.query(sql::explained_events{.organization_id = calendar.organization_id,
                                               .sync = calendar.sync,
                                               .after = after,
                                               .most = most},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ExplainedEvent> events;
  for (size_t row = 0; row < rows->size(); ++row) {
    const std::string_view key = rows->text(row, "series_key");
    if (events.empty() || events.back().key != key)
      events.push_back({.key = std::string(key), .body = rows->maybe_text(row, "body"), .intervals = {}});
    if (!rows->is_null(row, "kind"))
      events.back().intervals.push_back({.kind = std::string(rows->text(row, "kind")),
                                         .start = rows->instant(row, "starts_at"),
                                         .end = rows->instant(row, "ends_at")});
  }
  return events;
}

}  // namespace calint::store
