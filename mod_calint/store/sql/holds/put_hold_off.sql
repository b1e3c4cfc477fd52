-- A hold of people who are locked, and that hasn't ended, does so at another time.
WITH changed AS (
  UPDATE calendar_holds h
  SET expires_at = :expires_at::timestamptz
  WHERE h.organization_id = :organization_id
    AND h.id = :id
    AND
    \ir ../fragments/live_hold.sql
  RETURNING *
),
kept AS (
  UPDATE calendar_hold_people p
  SET expires_at = changed.expires_at
  FROM changed
  WHERE p.organization_id = changed.organization_id
    AND p.hold_id = changed.id
)
SELECT
  \ir ../fragments/hold_columns.sql
FROM changed h;
