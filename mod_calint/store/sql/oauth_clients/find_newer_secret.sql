-- The active version of an organisation's own OAuth client, if it has this id and tenant and is
-- another version.
SELECT
  \ir ../fragments/client_columns.sql
FROM calendar_oauth_clients c
WHERE c.organization_id = :organization_id
  AND c.organization_id <> ''
  AND c.provider = :provider
  AND c.active
  AND c.client_id = :client_id
  AND coalesce(c.tenant, '') = :tenant
  AND c.version <> :version::integer;
