-- The user's active integration.
SELECT
  \ir ../fragments/integration_columns.sql
FROM calendar_integrations i
\ir ../fragments/integration_client.sql
WHERE i.organization_id = :organization_id
  AND i.user_id = :user_id
  AND i.active;
