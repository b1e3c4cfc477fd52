-- The tokens of an integration are good again: a validation that waits is due.
UPDATE calendar_jobs
SET due_at = least(due_at, clock_timestamp())
WHERE organization_id = :organization_id
  AND integration_id = :integration_id::bigint
  AND kind = 'validate'
  AND given_up_at IS NULL;
