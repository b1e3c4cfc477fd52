-- A user's revocation that isn't finished: the first of them.
SELECT
  \ir ../fragments/revocation_columns.sql
FROM calendar_jobs j
WHERE organization_id = :organization_id
  AND user_id = :user_id
  AND kind = 'revoke'
  AND given_up_at IS NULL
ORDER BY id
LIMIT 1;
