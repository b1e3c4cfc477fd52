-- A calendar isn't read any more until somebody asks for it. Nothing where somebody else has the job's lease by now.
WITH given_up AS (
  UPDATE calendar_jobs
  SET given_up_at = now(),
      lease_owner = NULL,
      lease_until = NULL
  WHERE organization_id = :organization_id
    AND id = :job::bigint
    AND lease_owner = :owner
  RETURNING id
)
UPDATE calendar_syncs
SET trouble = :trouble,
    trouble_since = coalesce(trouble_since, now())
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND EXISTS (SELECT FROM given_up);
