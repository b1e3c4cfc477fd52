-- Ends the lease of a job that waits in a breaker's lane, due as it was. Nothing where somebody else has the lease by
-- now.
UPDATE calendar_jobs
SET lane = :lane,
    attempts = 0,
    last_error = :reason,
    lease_owner = NULL,
    lease_until = NULL
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND lease_owner = :owner;
