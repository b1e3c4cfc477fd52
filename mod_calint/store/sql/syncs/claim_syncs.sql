-- Claims syncs, each with its integration and with its calendar as they are now. A row without a job where there is none.
WITH RECURSIVE
\ir ../fragments/claimed.sql
SELECT
  \ir ../fragments/claimed_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
  ,
  s.id AS sync_id,
  s.last_synced_at AS sync_last,
  s.tried_at,
  s.trouble,
  s.known_from, s.known_until, s.evaluator, s.zone, s.full_read_at, s.asked_at,
  s.cursor,
  EXISTS (
    SELECT
    FROM calendar_series o
    WHERE o.organization_id = s.organization_id
      AND o.sync_id = s.id
      AND o.owed IS NOT NULL) AS owes,
  k.time_zone AS calendar_zone,
  k.owner AS calendar_owner
FROM round
LEFT JOIN claimed j ON true
LEFT JOIN calendar_integrations i
  ON i.organization_id = j.organization_id
  AND i.id = j.integration_id
  AND i.active
\ir ../fragments/integration_client.sql
LEFT JOIN calendar_syncs s
  ON s.organization_id = j.organization_id
  AND s.integration_id = j.integration_id
  AND s.calendar_id = j.subject
LEFT JOIN calendar_integration_calendars k
  ON k.organization_id = j.organization_id
  AND k.integration_id = j.integration_id
  AND k.calendar_id = j.subject;
