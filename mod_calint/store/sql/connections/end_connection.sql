-- Ends an active integration: its tokens, calendars and jobs go. conflict where it changed since it was read.
WITH ended AS (
  UPDATE calendar_integrations
  SET active = false,
      status = 'inactive',
      generation = generation + 1,
      access_token_encrypted = NULL,
      refresh_token_encrypted = NULL,
      token_expires_at = NULL,
      last_error = NULL,
      error_since = NULL,
      calendar_id = NULL,
      calendar_home = NULL,
      disconnected_at = now(),
      updated_at = now()
  WHERE
    \ir ../fragments/as_seen.sql
  RETURNING id
),
calendars AS (
  DELETE FROM calendar_integration_calendars
  WHERE organization_id = :organization_id
    AND integration_id IN (SELECT id FROM ended)
),
jobs AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND integration_id = (SELECT id FROM ended)
    AND kind <> 'revoke'
    AND given_up_at IS NULL
),
-- By user, which has an index; else every job of the organisation is looked at.
given_up AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND user_id = :user_id
    AND kind <> 'revoke'
    AND integration_id = (SELECT id FROM ended)
    AND given_up_at IS NOT NULL
)
SELECT calint_require(EXISTS (SELECT FROM ended));
