-- Who may have a calendar connected, once each. An organisation that is NULL is ''.
SELECT DISTINCT
  coalesce(organization_id::text, '') AS organization_id,
  id::text AS user_id
FROM calint_users
WHERE active
  AND (is_interviewer OR is_admin)
