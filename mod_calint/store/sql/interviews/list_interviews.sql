-- Interviews in the order of their times, behind a place in it: of one ref, and that touch :from to :until, where those
-- are set.
SELECT
  \ir ../fragments/event_columns.sql
FROM calendar_events e
WHERE e.organization_id = :organization_id
  AND (:interview_ref::text IS NULL OR e.interview_ref = :interview_ref)
  AND (:from::timestamptz IS NULL OR e.ends_at > :from)
  AND (:until::timestamptz IS NULL OR e.starts_at < :until)
  AND (e.starts_at, e.id) > (:after_start::timestamptz, :after_id)
ORDER BY e.starts_at, e.id
LIMIT :most::integer;
