-- The same of those that somebody organises or is an interviewer of; :alone: nobody else is.
SELECT
  \ir ../fragments/event_columns.sql
FROM calendar_event_people mine
JOIN calendar_events e
  ON e.organization_id = mine.organization_id
  AND e.id = mine.event_id
WHERE mine.organization_id = :organization_id
  AND mine.user_id = :user_id
  AND (
    NOT :alone::boolean
    OR NOT EXISTS (
      SELECT
      FROM calendar_event_people other
      WHERE other.organization_id = mine.organization_id
        AND other.event_id = mine.event_id
        AND other.user_id <> mine.user_id))
  AND (:interview_ref::text IS NULL OR e.interview_ref = :interview_ref)
  AND (:from::timestamptz IS NULL OR e.ends_at > :from)
  AND (:until::timestamptz IS NULL OR e.starts_at < :until)
  AND (e.starts_at, e.id) > (:after_start::timestamptz, :after_id)
ORDER BY e.starts_at, e.id
LIMIT :most::integer;
