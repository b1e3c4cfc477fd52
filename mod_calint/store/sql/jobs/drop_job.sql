-- A job that has nothing to do any more. Nothing where somebody else has the lease by now.
DELETE FROM calendar_jobs
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND lease_owner = :owner;
