-- Where users are gone from calint_users, or no longer entitled there, and have a connection: how many of the
-- organisation's connections are theirs, how many it has, the same for all organisations, and whether nobody at all is
-- entitled. The organisations with most of them first.
WITH organizations AS (
  SELECT
    i.organization_id,
    count(*) AS connected,
    count(*) FILTER (WHERE entitled.user_id IS NULL) AS leaving
  FROM calendar_integrations i
  \ir ../fragments/entitled.sql
  WHERE i.active
  GROUP BY i.organization_id)
SELECT
  organization_id,
  connected,
  leaving,
  (SELECT sum(connected)::bigint FROM organizations) AS all_connected,
  (SELECT sum(leaving)::bigint FROM organizations) AS all_leaving,
  NOT EXISTS (
    SELECT
    FROM calint_users
    WHERE active
      AND (is_interviewer OR is_admin)) AS nobody
FROM organizations
WHERE leaving > 0
ORDER BY leaving DESC, organization_id
LIMIT :most::bigint;
