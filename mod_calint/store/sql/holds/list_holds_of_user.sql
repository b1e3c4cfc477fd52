-- As list_holds, of those that are about one person alone.
SELECT
  \ir ../fragments/hold_columns.sql
FROM calendar_hold_people p
JOIN calendar_holds h
  ON h.organization_id = p.organization_id
  AND h.id = p.hold_id
WHERE p.organization_id = :organization_id
  AND p.user_id = :user_id
  AND p.expires_at > now()
  AND h.user_ids = ARRAY[ :user_id]
  AND (:ref::text IS NULL OR h.ref = :ref)
  AND (h.starts_at, h.id) > (:after_start::timestamptz, :after_id)
  AND
  \ir ../fragments/live_hold.sql
ORDER BY h.starts_at, h.id
LIMIT :most::bigint;
