-- Active integrations behind `after` with a value that another key seals.
SELECT
  \ir ../fragments/integration_columns.sql
FROM calendar_integrations i
\ir ../fragments/integration_client.sql
WHERE i.active
  AND i.id > :after::bigint
  AND (encode(substring(i.access_token_encrypted FROM 2 FOR 4), 'hex') <> :key_id
    OR encode(substring(i.refresh_token_encrypted FROM 2 FOR 4), 'hex') <> :key_id)
ORDER BY i.id
LIMIT :most::bigint;
