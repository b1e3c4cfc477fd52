-- A grant is no longer being revoked. Nothing where somebody else has the lease of its revocation by now: the mark is
-- theirs. That lease is locked until the transaction ends.
WITH ours AS (
  SELECT id
  FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND id = :id::bigint
    AND lease_owner = :owner
  FOR UPDATE
)
UPDATE calendar_grants
SET revoking_until = NULL,
    updated_at = now()
FROM ours
WHERE organization_id = :grant_organization_id
  AND account_key = :account_key
  AND generation = :generation::bigint;
