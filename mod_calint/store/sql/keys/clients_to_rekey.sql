-- OAuth clients behind `after` whose secret another key seals, also versions that are no longer active.
SELECT
  \ir ../fragments/client_columns.sql
FROM calendar_oauth_clients c
WHERE c.id > :after::bigint
  AND encode(substring(c.secret_encrypted FROM 2 FOR 4), 'hex') <> :key_id
ORDER BY c.id
LIMIT :most::bigint;
