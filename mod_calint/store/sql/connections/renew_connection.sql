-- Puts what a flow brought into the integration that is there: the next generation of the same row, to be validated.
-- conflict where it changed since it was read, or the flow is another request's. To the ATS an integration that it
-- hasn't heard of is a new one.
WITH stored AS (
  UPDATE calendar_integrations i
  SET account = :account,
      account_key = :account_key,
      scopes = :scopes,
      access_token_encrypted = :access_token::bytea,
      refresh_token_encrypted = :refresh_token::bytea,
      token_expires_at = :token_expires_at::timestamptz,
      seal_id = :seal_id,
      generation = i.generation + 1,
      status = 'error',
      last_error = 'not_validated',
      error_since = now(),
      connected_at = now(),
      calendar_home = :memory,
      updated_at = now(),
      oauth_client_id =
        \ir ../fragments/client_of_connection.sql
  FROM (
    SELECT
      id,
      \ir ../fragments/untold.sql
      AS untold
    FROM calendar_integrations
    WHERE
      \ir ../fragments/as_seen.sql
    FOR UPDATE
  ) old
  WHERE i.organization_id = :organization_id
    AND i.id = old.id
  RETURNING i.id, i.oauth_client_id, old.untold
),
-- Whoever had the lease of one of them began it for the generation before.
waiting AS (
  UPDATE calendar_jobs
  SET provider = :provider,
      due_at = CASE kind WHEN 'refresh' THEN :refresh_due_at::timestamptz ELSE now() + interval '1 minute' END,
      attempts = 0,
      last_error = NULL,
      lease_owner = NULL,
      lease_until = NULL
  WHERE organization_id = :organization_id
    AND integration_id = (SELECT id FROM stored)
    AND (kind IN ('validate', 'sync') OR kind = 'refresh' AND :refresh_due_at::timestamptz IS NOT NULL)
    AND given_up_at IS NULL
  RETURNING kind
),
jobs AS (
  INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at, lane)
  SELECT :organization_id, kind, id, :user_id, :provider, due_at,
    \ir ../fragments/lane_of_server.sql
  FROM stored,
    (VALUES
      ('validate', now() + interval '1 minute'),
      ('refresh', :refresh_due_at::timestamptz)) AS due (kind, due_at)
  WHERE due_at IS NOT NULL
    AND kind NOT IN (SELECT kind FROM waiting)
  ON CONFLICT DO NOTHING
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, :user_id, id, CASE WHEN untold THEN 'connected' ELSE 'reconnected' END
  FROM stored
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
    'calendar_integration.reconnected',
    'CalendarIntegration',
    id::text,
    :metadata::jsonb,
    :ip_address,
    :user_agent)
FROM checked
LEFT JOIN stored ON true;
