-- An interview, whatever became of it.
SELECT
  \ir ../fragments/event_columns.sql
FROM calendar_events e
WHERE e.organization_id = :organization_id
  AND e.id = :event_id;
