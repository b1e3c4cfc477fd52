-- Changes that the ATS has had a week to read.
DELETE FROM calendar_changes
WHERE (organization_id, id) IN (
  SELECT organization_id, id
  FROM calendar_changes
  WHERE created_at < now() - interval '7 days'
  ORDER BY created_at
  LIMIT 1000
  FOR UPDATE SKIP LOCKED);
