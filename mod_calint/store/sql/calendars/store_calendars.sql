-- Stores the list of an account's calendars. Of the first list that has any, the primary one is ticked; later ones leave
-- all ticks as they are. What the list doesn't have any more is marked as gone. The ATS hears of what differs from the
-- list before.
WITH listed AS (
  SELECT *
  FROM jsonb_to_recordset(:calendars::jsonb) AS c (
    calendar_id text, name text, time_zone text, color text, access_role text, owner text,
    shared boolean, is_primary boolean, can_write boolean)
),
before AS (
  SELECT *
  FROM calendar_integration_calendars
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id::bigint
),
news AS (
  SELECT calendar_id
  FROM listed l
  LEFT JOIN before b USING (calendar_id)
  WHERE b.calendar_id IS NULL
    OR b.gone_since IS NOT NULL
    OR (b.name, b.time_zone, b.color, b.access_role, b.owner, b.shared, b.is_primary, b.can_write)
      IS DISTINCT FROM
      (l.name, l.time_zone, l.color, l.access_role, nullif(l.owner, ''), l.shared, l.is_primary, l.can_write)
  UNION ALL
  SELECT calendar_id
  FROM before
  WHERE gone_since IS NULL
    AND calendar_id NOT IN (SELECT calendar_id FROM listed)
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT organization_id, user_id, id, 'calendars_changed'
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND id = :integration_id
    AND EXISTS (SELECT FROM before)
    AND EXISTS (SELECT FROM news)
),
missing AS (
  UPDATE calendar_integration_calendars
  SET gone_since = coalesce(gone_since, now()),
      listed_at = now()
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id
    AND calendar_id NOT IN (SELECT calendar_id FROM listed)
)
INSERT INTO calendar_integration_calendars (
  organization_id, integration_id,
  calendar_id, name, time_zone, color, access_role, owner,
  shared, is_primary, can_write,
  sync)
SELECT
  :organization_id, :integration_id,
  calendar_id, name, time_zone, color, access_role, nullif(owner, ''),
  shared, is_primary, can_write,
  is_primary AND NOT EXISTS (SELECT FROM before)
FROM listed
ON CONFLICT (organization_id, integration_id, calendar_id) DO UPDATE
SET name = excluded.name,
    time_zone = excluded.time_zone,
    color = excluded.color,
    access_role = excluded.access_role,
    owner = excluded.owner,
    shared = excluded.shared,
    is_primary = excluded.is_primary,
    can_write = excluded.can_write,
    gone_since = NULL,
    listed_at = now();
