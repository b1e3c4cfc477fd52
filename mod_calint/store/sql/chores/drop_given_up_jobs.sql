-- Jobs that were given up a month ago.
DELETE FROM calendar_jobs
WHERE (organization_id, id) IN (
  SELECT organization_id, id
  FROM calendar_jobs
  WHERE given_up_at < now() - interval '30 days'
  ORDER BY given_up_at
  LIMIT 1000
  FOR UPDATE SKIP LOCKED);
