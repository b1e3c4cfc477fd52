-- All calendars that were ever listed for an integration: gone ones last, the primary one first, then by name.
SELECT
  calendar_id,
  name,
  color,
  access_role,
  owner,
  shared,
  is_primary,
  can_write,
  sync,
  gone_since IS NOT NULL AS gone,
  listed_at
FROM calendar_integration_calendars
WHERE organization_id = :organization_id
  AND integration_id = :integration_id::bigint
ORDER BY gone, is_primary DESC, name, calendar_id;
