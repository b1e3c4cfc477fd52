-- An active integration by its id.
SELECT
  \ir ../fragments/integration_columns.sql
FROM calendar_integrations i
\ir ../fragments/integration_client.sql
WHERE i.organization_id = :organization_id
  AND i.id = :id::bigint
  AND i.active;
