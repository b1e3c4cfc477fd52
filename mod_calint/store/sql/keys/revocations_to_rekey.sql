-- Revocations behind `after` whose token another key seals.
SELECT
  \ir ../fragments/revocation_columns.sql
FROM calendar_jobs j
WHERE kind = 'revoke'
  AND id > :after::bigint
  AND encode(substring(token_encrypted FROM 2 FOR 4), 'hex') <> :key_id
ORDER BY id
LIMIT :most::bigint;
