-- The interview that has a ref now, and whether it is what is asked for.
SELECT
  \ir ../fragments/is_same_event.sql
  AS is_same,
  \ir ../fragments/event_columns.sql
FROM calendar_events e
WHERE e.organization_id = :organization_id
  AND e.interview_ref = :interview_ref
  AND e.status <> 'cancelled';
