-- Stores what a flow brought as the user's active integration, with what hangs on it: where the calendars weren't read
-- yet, the validation that reads them; the first refresh, where there is one to come; the flow's outcome; the audit
-- row. The ATS hears of it once its calendars were read, or could not be. conflict where the flow is another request's.
WITH stored AS (
  INSERT INTO calendar_integrations (
    organization_id, user_id, provider, account, account_key, scopes,
    access_token_encrypted, refresh_token_encrypted, token_expires_at, seal_id,
    status, last_error, error_since,
    connected_at, calendar_home, calendar_id,
    oauth_client_id)
  VALUES (
    :organization_id, :user_id, :provider, :account, :account_key, :scopes,
    :access_token::bytea, :refresh_token::bytea, :token_expires_at::timestamptz, :seal_id,
    :status, :last_error, CASE WHEN :status = 'error' THEN now() END,
    now(), :memory, :calendar_id,
    \ir ../fragments/client_of_connection.sql
  )
  RETURNING id, oauth_client_id
),
jobs AS (
  INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at, lane)
  SELECT :organization_id, kind, id, :user_id, :provider, due_at,
    \ir ../fragments/lane_of_server.sql
  FROM stored,
    (VALUES
      ('validate', CASE WHEN :status = 'error' THEN now() + interval '1 minute' END),
      ('refresh', :refresh_due_at::timestamptz)) AS due (kind, due_at)
  WHERE due_at IS NOT NULL
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, :user_id, id, :action
  FROM stored
  WHERE :status <> 'error'
),
\ir ../fragments/flow_that_stores.sql
,
checked AS (
  SELECT calint_require(EXISTS (SELECT FROM flow))
)
SELECT
  id,
  calint_audit(
    :organization_id,
    :actor_id,
    'calendar_integration.' || :action,
    'CalendarIntegration',
    id::text,
    :metadata::jsonb,
    :ip_address,
    :user_agent)
FROM checked, stored;
