-- Whether a validation of an integration waits or runs, and whether it is due.
SELECT due_at <= now() AS is_due
FROM calendar_jobs
WHERE organization_id = :organization_id
  AND integration_id = :integration_id::bigint
  AND kind = 'validate'
  AND given_up_at IS NULL;
