-- Interviews that ended 400 days ago, with their people.
DELETE FROM calendar_events
WHERE (organization_id, id) IN (
  SELECT organization_id, id
  FROM calendar_events
  WHERE ends_at < now() - interval '400 days'
  ORDER BY ends_at
  LIMIT 1000
  FOR UPDATE SKIP LOCKED);
