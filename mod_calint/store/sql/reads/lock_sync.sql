-- Locks a calendar's row until the transaction ends. conflict where it isn't ticked any more, somebody else has the job's
-- lease by now, or what the read put aside is lost.
WITH locked AS (
  SELECT id
  FROM calendar_syncs
  WHERE organization_id = :organization_id
    AND id = :sync::bigint
  FOR UPDATE
),
leased AS (
  SELECT id
  FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND id = :job::bigint
    AND lease_owner = :reader
  FOR UPDATE
)
SELECT calint_require(EXISTS (SELECT FROM locked) AND EXISTS (SELECT FROM leased) AND
  \ir ../fragments/begun.sql
);
