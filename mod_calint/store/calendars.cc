#include "store/calendars.h"

#include "base/json_writer.h"
#include "store/sql/calendars.h"
#include "store/sql/integrations.h"
#include "store/sql/validations.h"

namespace calint::store {
namespace {

using postgres::or_null;

// The locking statement, then the one that chooses; bad_input, saying `else_why`, where that one finds it impossible.
Result<Wait> choose(postgres::Pool& pool, const Integration& integration, postgres::Statement choice,
                    const char* else_why, Deadline deadline) {
  auto results = pool.transaction({sql::lock_integration{.organization_id = integration.organization_id,
                                                         .id = integration.id,
                                                         .generation = integration.generation},
                                   std::move(choice)},
                                  deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& rows = results->back();
  if (!rows.boolean(0, "possible")) return Error{.fault = Fault::bad_input, .what = else_why};
  return wait_of(rows);
}

}  // namespace

Result<CalendarsAsStored> list_calendars(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  auto results = pool.transaction(
      {sql::list_calendars{.organization_id = integration.organization_id, .integration_id = integration.id},
       sql::find_validation{.organization_id = integration.organization_id, .integration_id = integration.id}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& rows = results->front();
  const postgres::Rows& job = results->back();
  CalendarsAsStored stored;
  if (!job.empty()) stored.reading = job.boolean(0, "is_due") ? ListReading::now : ListReading::later;
  stored.calendars.reserve(rows.size());
  for (size_t row = 0; row < rows.size(); ++row)
    stored.calendars.push_back({.calendar_id = std::string(rows.text(row, "calendar_id")),
                                .name = std::string(rows.text(row, "name")),
                                .color = rows.maybe_text(row, "color").value_or(""),
                                .access_role = std::string(rows.text(row, "access_role")),
                                .owner = rows.maybe_text(row, "owner").value_or(""),
                                .is_shared = rows.boolean(row, "shared"),
                                .is_primary = rows.boolean(row, "is_primary"),
                                .can_write = rows.boolean(row, "can_write"),
                                .sync = rows.boolean(row, "sync"),
                                .gone = rows.boolean(row, "gone"),
                                .listed_at = rows.instant(row, "listed_at")});
  return stored;
}

std::string calendars_json(const std::vector<Calendar>& calendars) {
  JsonArray array;
  for (const Calendar& calendar : calendars)
    array.add(JsonObject()
                  .add("calendar_id", calendar.id)
                  .add("name", calendar.name)
                  .add("time_zone", calendar.time_zone)
                  .add("color", calendar.color)
                  .add("access_role", calendar.access_role)
                  .add("owner", calendar.owner)
                  .add("shared", calendar.is_shared)
                  .add("is_primary", calendar.is_primary)
                  .add("can_write", calendar.can_write));
  return array.text();
}

Result<Wait> choose_calendars(postgres::Pool& pool, const Integration& integration,
                              const std::vector<std::string>& calendar_ids, const Actor& actor, Deadline deadline) {
  const Turn turn = Turn::of_integration(integration, "calendars");
  return choose(pool, integration,
                sql::choose_calendars{.wanted = calendar_ids,
                                      .organization_id = turn.organization_id,
                                      .integration_id = integration.id,
                                      .turn = turn.subject,
                                      .pause = kLeastPause,
                                      .user_id = integration.user_id,
                                      .actor_id = or_null(actor.user_id),
                                      .provider = to_string(integration.provider),
                                      .ip_address = or_null(actor.ip_address),
                                      .user_agent = or_null(actor.user_agent)},
                "a form ticks a calendar that isn't in the account", deadline);
}

Result<Wait> choose_destination(postgres::Pool& pool, const Integration& integration, const std::string& calendar_id,
                                const Actor& actor, Deadline deadline) {
  const Turn turn = Turn::of_integration(integration, "destination");
  return choose(pool, integration,
                sql::choose_destination{.organization_id = turn.organization_id,
                                        .integration_id = integration.id,
                                        .calendar_id = calendar_id,
                                        .turn = turn.subject,
                                        .pause = kLeastPause,
                                        .user_id = integration.user_id,
                                        .actor_id = or_null(actor.user_id),
                                        .provider = to_string(integration.provider),
                                        .ip_address = or_null(actor.ip_address),
                                        .user_agent = or_null(actor.user_agent)},
                "a form chooses a destination that can't be written to", deadline);
}

}  // namespace calint::store
