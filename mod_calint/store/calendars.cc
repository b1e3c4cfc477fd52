#include "store/calendars.h"

#include "store/statements.h"

namespace calint::store {
namespace {

postgres::Statement lock_integration(const Integration& integration) {
  return {"WITH locked AS (SELECT id FROM calendar_integrations WHERE organization_id = $1 AND id = $2"
          " AND generation = $3 AND active FOR UPDATE) SELECT calint_require(EXISTS (SELECT FROM locked))",
          {integration.organization_id, integration.id, integration.generation}};
}

// The locking statement, then the one that chooses: what that one says of the choice.
Result<bool> chosen(postgres::Pool& pool, const Integration& integration, postgres::Statement choice, Deadline deadline) {
  auto results = pool.transaction({lock_integration(integration), std::move(choice)}, deadline);
  if (!results) return std::move(results).error();
  return results->back().boolean(0, "possible");
}

}  // namespace

Result<std::vector<CalendarRow>> list_calendars(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  auto rows = pool.query({"SELECT calendar_id, name, color, access_role, owner, shared, is_primary, can_write, sync,"
                          " gone_since IS NOT NULL AS gone, listed_at"
                          " FROM calendar_integration_calendars WHERE organization_id = $1 AND integration_id = $2"
                          " ORDER BY gone, is_primary DESC, name, calendar_id",
                          {integration.organization_id, integration.id}},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<CalendarRow> calendars;
  calendars.reserve(rows->size());
  for (size_t row = 0; row < rows->size(); ++row)
    calendars.push_back({.calendar_id = std::string(rows->text(row, "calendar_id")),
                         .name = std::string(rows->text(row, "name")),
                         .color = rows->maybe_text(row, "color").value_or(""),
                         .access_role = std::string(rows->text(row, "access_role")),
                         .owner = rows->maybe_text(row, "owner").value_or(""),
                         .is_shared = rows->boolean(row, "shared"),
                         .is_primary = rows->boolean(row, "is_primary"),
                         .can_write = rows->boolean(row, "can_write"),
                         .sync = rows->boolean(row, "sync"),
                         .gone = rows->boolean(row, "gone"),
                         .listed_at = rows->instant(row, "listed_at")});
  return calendars;
}

Status choose_calendars(postgres::Pool& pool, const Integration& integration, const std::vector<std::string>& calendar_ids,
                        const Actor& actor, Deadline deadline) {
  auto possible = chosen(
      pool, integration,
      {"WITH wanted AS (SELECT DISTINCT id FROM jsonb_array_elements_text($3::jsonb) AS w(id)),"
       " listed AS (SELECT calendar_id, sync, gone_since IS NULL OR sync AS possible, id IS NOT NULL AS wanted"
       " FROM calendar_integration_calendars LEFT JOIN wanted ON id = calendar_id"
       " WHERE organization_id = $1 AND integration_id = $2),"
       " judged AS (SELECT (SELECT count(*) FROM wanted) ="
       " (SELECT count(*) FROM listed WHERE wanted AND possible) AS possible),"
       " changed AS (UPDATE calendar_integration_calendars k SET sync = l.wanted FROM listed l, judged j"
       " WHERE k.organization_id = $1 AND k.integration_id = $2 AND k.calendar_id = l.calendar_id"
       " AND l.sync <> l.wanted AND j.possible RETURNING l.wanted),"
       " counted AS (SELECT count(*) FILTER (WHERE wanted) AS added, count(*) FILTER (WHERE NOT wanted) AS removed,"
       " count(*) > 0 AS news FROM changed),"
       " change AS (INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
       " SELECT $1, $4, $2, 'calendars_changed' FROM counted WHERE news)"
       " SELECT possible, CASE WHEN news THEN calint_audit($1, nullif($5, ''),"
       " 'calendar_integration.calendars_changed', 'CalendarIntegration', $2::text,"
       " jsonb_build_object('provider', $6::text, 'added', added, 'removed', removed), nullif($7, ''), nullif($8, ''))"
       " END FROM judged, counted",
       {integration.organization_id, integration.id, texts_json(calendar_ids), integration.user_id, actor.user_id,
        to_string(integration.provider), actor.ip_address, actor.user_agent}},
      deadline);
  if (!possible) return std::move(possible).error();
  if (*possible) return Status();
  return Error{.fault = Fault::bad_input, .what = "a form ticks a calendar that isn't in the account"};
}

Status choose_destination(postgres::Pool& pool, const Integration& integration, const std::string& calendar_id,
                          const Actor& actor, Deadline deadline) {
  auto possible = chosen(
      pool, integration,
      {"WITH wanted AS (SELECT calendar_id FROM calendar_integration_calendars WHERE organization_id = $1"
       " AND integration_id = $2 AND calendar_id = $3 AND can_write AND gone_since IS NULL),"
       " changed AS (UPDATE calendar_integrations i SET calendar_id = w.calendar_id, updated_at = now() FROM wanted w"
       " WHERE i.organization_id = $1 AND i.id = $2 AND i.calendar_id IS DISTINCT FROM w.calendar_id RETURNING i.id),"
       " change AS (INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)"
       " SELECT $1, $4, id, 'calendars_changed' FROM changed)"
       " SELECT EXISTS (SELECT FROM wanted) AS possible, (SELECT calint_audit($1, nullif($5, ''),"
       " 'calendar_integration.calendars_changed', 'CalendarIntegration', id::text,"
       " jsonb_build_object('provider', $6::text, 'destination', true), nullif($7, ''), nullif($8, '')) FROM changed)",
       {integration.organization_id, integration.id, calendar_id, integration.user_id, actor.user_id,
        to_string(integration.provider), actor.ip_address, actor.user_agent}},
      deadline);
  if (!possible) return std::move(possible).error();
  if (*possible) return Status();
  return Error{.fault = Fault::bad_input, .what = "a form chooses a destination that can't be written to"};
}

}  // namespace calint::store
