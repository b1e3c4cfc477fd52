-- Claims jobs of interviews, each with its interview and integration as they are now. A row without a job where there is
-- none.
WITH RECURSIVE
\ir ../fragments/claimed.sql
SELECT
  \ir ../fragments/claimed_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
  ,
  \ir ../fragments/event_columns.sql
\ir ../fragments/claimed_integration.sql
LEFT JOIN calendar_events e
  ON e.organization_id = j.organization_id
  AND e.id = j.subject;
