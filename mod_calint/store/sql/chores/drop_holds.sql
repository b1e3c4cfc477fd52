-- Holds that ended a day ago.
DELETE FROM calendar_holds
WHERE (organization_id, id) IN (
  SELECT organization_id, id
  FROM calendar_holds
  WHERE expires_at < now() - interval '1 day'
  ORDER BY expires_at
  LIMIT 1000
  FOR UPDATE SKIP LOCKED);
