-- "entitled": the user of "calendar_integrations i" where they may have a calendar connected, else null. An
-- organisation that is NULL is ''.
LEFT JOIN (
  SELECT DISTINCT
    coalesce(organization_id::text, '') AS organization_id,
    id::text AS user_id
  FROM calint_users
  WHERE active
    AND (is_interviewer OR is_admin)
) entitled
  ON entitled.organization_id = i.organization_id
  AND entitled.user_id = i.user_id
