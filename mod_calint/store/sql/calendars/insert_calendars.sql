-- The calendars of a user's new integration, whose primary one is ticked.
INSERT INTO calendar_integration_calendars (
  organization_id, integration_id,
  calendar_id, name, time_zone, color, access_role, owner,
  shared, is_primary, can_write,
  sync)
SELECT
  i.organization_id, i.id,
  c.calendar_id, c.name, c.time_zone, c.color, c.access_role, nullif(c.owner, ''),
  c.shared, c.is_primary, c.can_write,
  c.is_primary
FROM calendar_integrations i,
  jsonb_to_recordset(:calendars::jsonb) AS c (
    calendar_id text, name text, time_zone text, color text, access_role text, owner text,
    shared boolean, is_primary boolean, can_write boolean)
WHERE i.organization_id = :organization_id
  AND i.user_id = :user_id
  AND i.active;
