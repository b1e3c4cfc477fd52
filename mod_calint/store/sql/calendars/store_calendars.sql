-- Stores the list of an account's calendars. Of the first list that has any, the primary one is ticked; later ones leave
-- all ticks as they are. What the list doesn't have any more is marked as gone, but where the list was cut nothing that
-- is in use. Of what was gone before and isn't ticked, the last 200 are kept. The ATS hears of what differs from the
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
gone AS (
  SELECT calendar_id, gone_since IS NULL AS is_news
  FROM before b
  WHERE calendar_id NOT IN (SELECT calendar_id FROM listed)
    AND NOT (
      :is_cut::boolean
      AND (sync OR EXISTS (
        SELECT
        FROM calendar_integrations i
        WHERE i.organization_id = :organization_id
          AND i.id = :integration_id
          AND i.calendar_id = b.calendar_id)))
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
  FROM gone
  WHERE is_news
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
forgotten AS (
  SELECT b.calendar_id
  FROM before b
  JOIN calendar_integrations i
    ON i.organization_id = b.organization_id
    AND i.id = b.integration_id
  WHERE b.gone_since IS NOT NULL
    AND NOT b.sync
    AND b.calendar_id IS DISTINCT FROM i.calendar_id
    AND b.calendar_id NOT IN (SELECT calendar_id FROM listed)
  ORDER BY b.gone_since DESC, b.calendar_id
  OFFSET 200
),
dropped AS (
  DELETE FROM calendar_integration_calendars
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id
    AND calendar_id IN (SELECT calendar_id FROM forgotten)
),
missing AS (
  UPDATE calendar_integration_calendars
  SET gone_since = coalesce(gone_since, now()),
      listed_at = now()
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id
    AND calendar_id IN (SELECT calendar_id FROM gone)
    AND calendar_id NOT IN (SELECT calendar_id FROM forgotten)
),
-- No ON CONFLICT, which costs a record of the log for each row: whoever stores a list has locked its integration.
known AS (
  UPDATE calendar_integration_calendars k
  SET name = l.name,
      time_zone = l.time_zone,
      color = l.color,
      access_role = l.access_role,
      owner = nullif(l.owner, ''),
      shared = l.shared,
      is_primary = l.is_primary,
      can_write = l.can_write,
      gone_since = NULL,
      listed_at = now()
  FROM listed l
  WHERE k.organization_id = :organization_id
    AND k.integration_id = :integration_id
    AND k.calendar_id = l.calendar_id
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
WHERE calendar_id NOT IN (SELECT calendar_id FROM before);
