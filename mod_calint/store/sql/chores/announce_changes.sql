-- Tells listeners that there are changes which no NOTIFY has told of, and returns how many; nothing within a second of
-- the last time.
WITH unheard AS (
  SELECT organization_id, id
  FROM calendar_changes
  WHERE NOT announced
  LIMIT 10000
  FOR UPDATE SKIP LOCKED
),
ours AS (
  UPDATE calendar_chores
  SET due_at = now() + interval '1 second'
  WHERE organization_id = ''
    AND chore = 'announcement'
    AND due_at <= now()
    AND EXISTS (SELECT FROM unheard)
  RETURNING chore
),
told AS (
  UPDATE calendar_changes c
  SET announced = true
  FROM unheard, ours
  WHERE c.organization_id = unheard.organization_id
    AND c.id = unheard.id
  RETURNING c.id
)
SELECT n, pg_notify('calint', '')
FROM (SELECT count(*) AS n FROM told) counted
WHERE n > 0;
