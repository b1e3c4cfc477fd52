-- Takes the lease of an integration's refresh where nobody has it.
UPDATE calendar_jobs
SET lease_owner = :owner,
    lease_until = now() + :lease::interval
WHERE organization_id = :organization_id
  AND integration_id = :integration_id::bigint
  AND kind = 'refresh'
  AND given_up_at IS NULL
  AND (lease_until IS NULL OR lease_until < now() OR lease_owner = :owner);
