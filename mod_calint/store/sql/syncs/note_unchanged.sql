-- A look at a calendar found nothing new: it is known as of now, and its job comes again. Nothing where somebody else has
-- the job's lease by now.
WITH seen AS (
  UPDATE calendar_syncs
  SET last_synced_at = now(),
      trouble = NULL,
      trouble_since = NULL,
      cursor = :cursor
  WHERE organization_id = :organization_id
    AND id = :id::bigint
    AND EXISTS (
      SELECT
      FROM calendar_jobs
      WHERE organization_id = :organization_id
        AND calendar_jobs.id = :job::bigint
        AND lease_owner = :owner)
  RETURNING id
)
UPDATE calendar_jobs
SET
  \ir ../fragments/finished.sql
FROM seen
WHERE organization_id = :organization_id
  AND calendar_jobs.id = :job
  AND lease_owner = :owner;
