-- Ends the lease of a job that worked and comes again at its time; at once where it became due while it ran. Nothing
-- where somebody else has the lease by now.
UPDATE calendar_jobs
SET
  \ir ../fragments/finished.sql
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND lease_owner = :owner;
