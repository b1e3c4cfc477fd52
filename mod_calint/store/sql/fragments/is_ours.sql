-- Of "calendar_busy_intervals b" of somebody, whose id is taker: an interview of theirs. What it takes of their time
-- stands in calendar_event_people, wherever their calendar has it. Where a change was refused, both times are taken.
b.uid_hash IS NOT NULL
AND EXISTS (
  SELECT
  FROM calendar_events e
  JOIN calendar_event_people p
    ON p.organization_id = e.organization_id
    AND p.event_id = e.id
    AND p.user_id = taker
  WHERE e.organization_id = b.organization_id
    AND (e.status <> 'failed' OR e.id = :event_id)
    AND hashtextextended(e.uid, 0) = b.uid_hash)
