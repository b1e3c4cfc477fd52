-- Ends a hold; one that has ended stays so. No row where there never was one.
UPDATE calendar_holds h
SET released_at = coalesce(h.released_at, now())
WHERE h.organization_id = :organization_id
  AND h.id = :id
RETURNING h.id;
