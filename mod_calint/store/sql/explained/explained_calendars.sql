-- The ticked calendars of an integration, whoever's it is, with how far each is known.
SELECT
  organization_id,
  id,
  calendar_id,
  coalesce(zone, 'UTC') AS zone,
  known_from,
  known_until,
  last_synced_at,
  trouble
FROM calendar_syncs
WHERE integration_id = :integration_id::bigint
ORDER BY calendar_id;
