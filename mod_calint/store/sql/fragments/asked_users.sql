-- Of :user_ids, those who are active users of the organisation, in their order ("asked"), each with the active integration
-- that there is. An organisation that is NULL is ''.
unnest(:user_ids::text[]) WITH ORDINALITY AS asked (user_id, number)
JOIN calint_users u
  ON u.id::text = asked.user_id
  AND coalesce(u.organization_id::text, '') = :organization_id
  AND u.active
LEFT JOIN calendar_integrations i
  ON i.organization_id = :organization_id
  AND i.user_id = asked.user_id
  AND i.active
