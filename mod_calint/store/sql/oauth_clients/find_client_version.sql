-- The version of an organisation's own OAuth client with this number.
SELECT
  \ir ../fragments/client_columns.sql
FROM calendar_oauth_clients c
WHERE c.organization_id = :organization_id
  AND c.organization_id <> ''
  AND c.provider = :provider
  AND c.version = :version::integer;
