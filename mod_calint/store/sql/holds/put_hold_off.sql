-- A hold that hasn't ended does so at another time.
UPDATE calendar_holds h
SET expires_at = :expires_at::timestamptz
WHERE h.organization_id = :organization_id
  AND h.id = :id
  AND
  \ir ../fragments/live_hold.sql
RETURNING
  \ir ../fragments/hold_columns.sql
;
