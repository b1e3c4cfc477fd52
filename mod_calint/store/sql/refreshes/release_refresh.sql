-- Ends the lease of an integration's refresh, which is due as before.
UPDATE calendar_jobs
SET lease_owner = NULL,
    lease_until = NULL
WHERE organization_id = :organization_id
  AND integration_id = :integration_id::bigint
  AND kind = 'refresh'
  AND given_up_at IS NULL
  AND lease_owner = :owner;
