-- An organisation's changes behind a number, with each row, or in one without, whether some have no number yet, and up
-- to which one they are no longer kept.
SELECT
  c.number,
  c.user_id,
  c.integration_id,
  c.change,
  c.status,
  c.detail,
  c.created_at,
  -- By the index whatever the planner thinks of how many there are.
  (SELECT id
   FROM calendar_changes
   WHERE organization_id = :organization_id
     AND number IS NULL
   ORDER BY id
   LIMIT 1) IS NOT NULL AS has_unnumbered,
  coalesce((
    SELECT changes_gone
    FROM calendar_organization_settings
    WHERE organization_id = :organization_id), 0) AS gone
FROM (SELECT) one
LEFT JOIN LATERAL (
  SELECT *
  FROM calendar_changes
  WHERE organization_id = :organization_id
    AND number > :after::bigint
  ORDER BY number
  LIMIT :most::bigint) c ON true
ORDER BY c.number;
