-- The job's lease ends, and it with that, unless something of "written" is unsent, or it became due while it ran: then it
-- is due at once; or it is to be looked at later. For WITH.
going_on AS (
  UPDATE calendar_jobs j
  SET lease_owner = NULL,
      lease_until = NULL,
      retry_at = NULL,
      attempts = 0,
      last_error = NULL,
      due_at = CASE
        WHEN written.unsent <> '{}' OR j.due_at <> :claimed_due_at::timestamptz THEN now()
        ELSE :look_at::timestamptz END
  FROM written
  WHERE j.organization_id = :organization_id
    AND j.id = :job::bigint
    AND j.lease_owner = :owner
    AND (written.unsent <> '{}' OR j.due_at <> :claimed_due_at OR :look_at::timestamptz IS NOT NULL)
),
done AS (
  DELETE FROM calendar_jobs j
  USING written
  WHERE j.organization_id = :organization_id
    AND j.id = :job
    AND j.lease_owner = :owner
    AND written.unsent = '{}'
    AND j.due_at = :claimed_due_at
    AND :look_at::timestamptz IS NULL
)
