-- What shows whether a breaker's subject works again is due for this integration.
UPDATE calendar_jobs
SET due_at = least(due_at, now())
WHERE organization_id = :organization_id
  AND integration_id = :integration_id::bigint
  AND kind = :kind
  AND given_up_at IS NULL;
