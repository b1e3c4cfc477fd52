-- Connections of these organisations' users who are gone from calint_users, or no longer entitled there.
SELECT
  i.organization_id,
  i.id
FROM calendar_integrations i
\ir ../fragments/entitled.sql
WHERE i.active
  AND i.organization_id = ANY (:organizations::text[])
  AND i.id > :after::bigint
  AND entitled.user_id IS NULL
ORDER BY i.id
LIMIT :most::bigint;
