-- Integrations that ended a quarter ago no longer name an account.
UPDATE calendar_integrations
SET account = NULL,
    calendar_id = NULL,
    calendar_home = NULL,
    scopes = NULL,
    last_error = NULL,
    updated_at = now()
WHERE (organization_id, id) IN (
  SELECT organization_id, id
  FROM calendar_integrations
  WHERE NOT active
    AND account IS NOT NULL
    AND disconnected_at < now() - interval '90 days'
  ORDER BY disconnected_at
  LIMIT 1000
  FOR UPDATE SKIP LOCKED);
