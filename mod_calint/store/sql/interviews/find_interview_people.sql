-- Of :user_ids, in their order, those who are active users of the organisation, each with the connection that there is.
SELECT
  u.id::text AS id,
  u.email,
  u.name,
  u.time_zone,
  i.id AS integration_id,
  i.provider,
  i.account,
  i.calendar_id
FROM unnest(:user_ids::text[]) WITH ORDINALITY AS asked (user_id, number)
JOIN calint_users u
  ON u.id::text = asked.user_id
  AND coalesce(u.organization_id::text, '') = :organization_id
  AND u.active
LEFT JOIN calendar_integrations i
  ON i.organization_id = :organization_id
  AND i.user_id = asked.user_id
  AND i.active
ORDER BY asked.number;
