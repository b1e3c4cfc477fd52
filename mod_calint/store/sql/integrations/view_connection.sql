-- How the connection of an active user stands, with its calendars, a row each, or one without; no row where there is no
-- such user. An organisation that is NULL is ''.
SELECT
  i.id,
  i.provider,
  i.status,
  i.last_error,
  i.account,
  i.calendar_id AS destination,
  i.connected_at,
  i.token_expires_at,
  i.id IS NULL AND EXISTS (
    SELECT
    FROM calendar_integrations former
    WHERE former.organization_id = :organization_id
      AND former.user_id = :user_id
      AND NOT former.active) AS was_connected,
  c.calendar_id,
  c.name,
  c.is_primary,
  c.shared,
  c.can_write,
  c.sync,
  c.gone_since IS NOT NULL AS gone,
  s.last_synced_at,
  s.trouble
FROM calint_users u
LEFT JOIN calendar_integrations i
  ON i.organization_id = :organization_id
  AND i.user_id = :user_id
  AND i.active
LEFT JOIN calendar_integration_calendars c
  ON c.organization_id = i.organization_id
  AND c.integration_id = i.id
LEFT JOIN calendar_syncs s
  ON s.organization_id = c.organization_id
  AND s.integration_id = c.integration_id
  AND s.calendar_id = c.calendar_id
  AND c.sync
WHERE u.id::text = :user_id
  AND coalesce(u.organization_id::text, '') = :organization_id
  AND u.active
ORDER BY gone, c.is_primary DESC, c.name, c.calendar_id;
