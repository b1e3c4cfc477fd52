-- Whether a validation of an integration waits or runs that somebody asked for or that failed, and whether it is due.
-- One that hasn't come to its time is nobody's concern yet.
SELECT due_at <= now() AS is_due
FROM calendar_jobs
WHERE organization_id = :organization_id
  AND integration_id = :integration_id::bigint
  AND kind = 'validate'
  AND given_up_at IS NULL
  AND (due_at <= now() OR attempts > 0);
