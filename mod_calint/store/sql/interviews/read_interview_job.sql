-- An interview and its integration as they are now, of a job whose lease the caller has.
SELECT
  \ir ../fragments/integration_columns.sql
  ,
  \ir ../fragments/event_columns.sql
FROM calendar_jobs j
JOIN calendar_events e
  ON e.organization_id = j.organization_id
  AND e.id = j.subject
LEFT JOIN calendar_integrations i
  ON i.organization_id = j.organization_id
  AND i.id = j.integration_id
  AND i.active
\ir ../fragments/integration_client.sql
WHERE j.organization_id = :organization_id
  AND j.id = :job::bigint
  AND j.lease_owner = :owner;
