-- Those of :user_ids who are active users of an organisation; one that is NULL is ''.
SELECT u.id::text AS id
FROM unnest(:user_ids::text[]) AS asked (user_id)
JOIN calint_users u
  ON u.id::text = asked.user_id
  AND coalesce(u.organization_id::text, '') = :organization_id
  AND u.active;
