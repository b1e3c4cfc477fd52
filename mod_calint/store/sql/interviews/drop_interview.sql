-- An interview of people who are locked, that never came to be, goes; its job has gone already. The holds whose place it
-- took are back, but for those whose time somebody has taken meanwhile.
WITH gone AS (
  DELETE FROM calendar_events
  WHERE organization_id = :organization_id
    AND id = :event_id
    AND status = 'failed'
    AND provider_event_id IS NULL
  RETURNING id
),
released AS (
  SELECT id, expires_at
  FROM jsonb_to_recordset(:released::jsonb) AS one (id text, expires_at timestamptz)
),
back AS (
  UPDATE calendar_hold_people mine
  SET expires_at = released.expires_at
  FROM released, gone
  WHERE mine.organization_id = :organization_id
    AND mine.hold_id = released.id
    AND NOT EXISTS (
      SELECT
      FROM calendar_hold_people taken
      JOIN calendar_hold_people h
        ON h.organization_id = taken.organization_id
        AND h.user_id = taken.user_id
        AND h.starts_at < taken.ends_at
        AND h.ends_at > taken.starts_at
      WHERE taken.organization_id = :organization_id
        AND taken.hold_id = released.id
        AND
        \ir ../fragments/live_hold.sql
    )
    AND NOT EXISTS (
      SELECT
      FROM calendar_hold_people taken
      JOIN calendar_event_people p
        ON p.organization_id = taken.organization_id
        AND p.user_id = taken.user_id
        AND p.takes_time
        AND p.starts_at < taken.ends_at
        AND p.ends_at > taken.starts_at
      WHERE taken.organization_id = :organization_id
        AND taken.hold_id = released.id)
  RETURNING hold_id, mine.expires_at
)
UPDATE calendar_holds h
SET expires_at = back.expires_at
FROM (SELECT DISTINCT hold_id, expires_at FROM back) back
WHERE h.organization_id = :organization_id
  AND h.id = back.hold_id;
