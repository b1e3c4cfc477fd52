-- Ends a hold; one that has ended stays so. No row where there never was one.
WITH released AS (
  UPDATE calendar_holds h
  SET expires_at = least(h.expires_at, now())
  WHERE h.organization_id = :organization_id
    AND h.id = :id
  RETURNING *
),
freed AS (
  UPDATE calendar_hold_people p
  SET expires_at = released.expires_at
  FROM released
  WHERE p.organization_id = released.organization_id
    AND p.hold_id = released.id
)
SELECT id
FROM released;
