-- Ends the lease of a job that is begun again: as it was due, or after a while, where that is said not before retry_at,
-- which the claim set. Nothing where somebody else has the lease by now.
UPDATE calendar_jobs
SET lease_owner = NULL,
    lease_until = NULL,
    attempts = :attempts::integer,
    last_error = coalesce(:reason, last_error),
    due_at = CASE
      WHEN :is_due_as_before::boolean THEN due_at
      ELSE greatest(now() + :pause::interval, CASE WHEN :keeps_backoff::boolean THEN retry_at END) END
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND lease_owner = :owner;
