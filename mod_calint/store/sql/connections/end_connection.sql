-- Ends an active integration: its tokens, calendars and jobs go. conflict where it changed since it was read.
WITH ended AS (
  UPDATE calendar_integrations
  SET active = false,
      status = 'inactive',
      generation = generation + 1,
      access_token_encrypted = NULL,
      refresh_token_encrypted = NULL,
      token_expires_at = NULL,
      refresh_due_at = NULL,
      last_error = NULL,
      error_since = NULL,
      calendar_id = NULL,
      calendar_home = NULL,
      disconnected_at = now(),
      updated_at = now()
  WHERE organization_id = :organization_id
    AND id = :id::bigint
    AND generation = :generation::bigint
    AND active
  RETURNING id
),
calendars AS (
  DELETE FROM calendar_integration_calendars
  WHERE organization_id = :organization_id
    AND integration_id IN (SELECT id FROM ended)
),
-- By user, which has an index that has the given-up ones too; else every job of the organisation is looked at.
jobs AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND user_id = :user_id
    AND kind <> 'revoke'
    AND integration_id IN (SELECT id FROM ended)
)
SELECT calint_require(EXISTS (SELECT FROM ended));
