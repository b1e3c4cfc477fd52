-- A hold that hasn't ended.
SELECT
  \ir ../fragments/hold_columns.sql
FROM calendar_holds h
WHERE h.organization_id = :organization_id
  AND h.id = :id
  AND
  \ir ../fragments/live_hold.sql
;
