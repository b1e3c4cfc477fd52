-- A look at a calendar found nothing new: it is known as of now, but for what can't be understood of it, and its job comes
-- again. Nothing where somebody else has the job's lease by now.
WITH lack AS (
  SELECT EXISTS (
    SELECT
    FROM calendar_series
    WHERE organization_id = :organization_id
      AND sync_id = :id::bigint
      AND owed IS NOT NULL) AS is_there
),
seen AS (
  UPDATE calendar_syncs
  SET last_synced_at = now(),
      trouble = CASE WHEN is_there THEN :incomplete END,
      trouble_since = CASE WHEN is_there THEN coalesce(trouble_since, now()) END,
      cursor = :cursor
  FROM lack
  WHERE organization_id = :organization_id
    AND id = :id
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
