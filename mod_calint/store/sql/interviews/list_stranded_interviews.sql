-- Upcoming interviews of an organiser that stay in the calendar of a connection that has ended, the first of them with
-- how many there are in all.
SELECT
  e.body ->> 'title' AS title,
  e.starts_at,
  e.provider,
  e.status = 'cancelled' AS is_cancelled,
  count(*) OVER () AS total
FROM calendar_event_people mine
JOIN calendar_events e
  ON e.organization_id = mine.organization_id
  AND e.id = mine.event_id
  AND e.user_id = mine.user_id
WHERE mine.organization_id = :organization_id
  AND mine.user_id = :user_id
  AND mine.ends_at > now()
  AND e.provider_event_id IS NOT NULL
  AND (
    e.status IN ('confirmed', 'failed')
    OR e.status = 'cancelled' AND e.problem = 'organiser_disconnected')
  AND NOT EXISTS (
    SELECT
    FROM calendar_integrations i
    WHERE i.organization_id = e.organization_id
      AND i.id = e.integration_id
      AND i.active)
ORDER BY e.starts_at, e.id
LIMIT 20;
