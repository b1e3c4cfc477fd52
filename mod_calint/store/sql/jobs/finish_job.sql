-- Ends the lease of a job that worked and comes again at its time; at once where it became due while it ran. Nothing
-- where somebody else has the lease by now.
UPDATE calendar_jobs
SET lease_owner = NULL,
    lease_until = NULL,
    attempts = 0,
    last_error = NULL,
    due_at = CASE WHEN due_at = :claimed_due_at::timestamptz THEN :due_at::timestamptz ELSE least(due_at, :due_at) END
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND lease_owner = :owner;
