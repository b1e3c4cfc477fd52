-- Holds that haven't ended, in the order of their times, behind a place in it: of one ref or, null, of all.
SELECT
  \ir ../fragments/hold_columns.sql
FROM calendar_holds h
WHERE h.organization_id = :organization_id
  AND (:ref::text IS NULL OR h.ref = :ref)
  AND (h.starts_at, h.id) > (:after_start::timestamptz, :after_id)
  AND
  \ir ../fragments/live_hold.sql
ORDER BY h.starts_at, h.id
LIMIT :most::bigint;
