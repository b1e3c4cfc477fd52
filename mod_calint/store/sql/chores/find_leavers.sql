-- Integrations of users who are gone from calint_users, or no longer entitled there; and whether nobody at all is.
SELECT
  organization_id,
  id,
  NOT EXISTS (
    SELECT
    FROM calint_users u
    WHERE u.active
      AND (u.is_interviewer OR u.is_admin)) AS nobody
FROM calendar_integrations i
WHERE active
  AND NOT EXISTS (
    SELECT
    FROM calint_users u
    WHERE u.organization_id = i.organization_id
      AND u.id = i.user_id
      AND u.active
      AND (u.is_interviewer OR u.is_admin))
LIMIT :most::bigint;
