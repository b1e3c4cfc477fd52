-- The calendars of an integration were read: it is connected, and needs no validation any more. What was there before
-- decides whether that is news: the old row is read and locked first. conflict where it changed since the read began.
WITH old AS (
  SELECT
    id,
    user_id,
    provider,
    status,
    \ir ../fragments/untold.sql
    AS untold
  FROM calendar_integrations
  WHERE
    \ir ../fragments/as_seen.sql
  FOR UPDATE
),
ok AS (
  UPDATE calendar_integrations i
  SET status = 'connected',
      last_error = :reason,
      error_since = NULL,
      calendar_id = coalesce(i.calendar_id, :calendar_id),
      calendar_home = :memory,
      updated_at = now()
  FROM old
  WHERE i.organization_id = :organization_id
    AND i.id = old.id
  RETURNING i.id, i.user_id, i.provider, old.untold, old.status <> 'connected' AS is_news
),
job AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND integration_id = (SELECT id FROM ok)
    AND kind = 'validate'
    AND given_up_at IS NULL
),
-- What is being read is read once more: it may have begun with what the connection had before.
syncs AS (
  UPDATE calendar_jobs
  SET due_at = CASE WHEN lease_until > now() THEN clock_timestamp() ELSE least(due_at, now()) END
  WHERE organization_id = :organization_id
    AND integration_id = (SELECT id FROM ok)
    AND kind = 'sync'
    AND given_up_at IS NULL
    AND (
      lease_until > now()
      OR (
        \ir ../fragments/told_to_wait.sql
      ) IS NOT TRUE)
),
-- By user, which has an index.
given_up AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND user_id = (SELECT user_id FROM ok)
    AND kind = 'validate'
    AND integration_id = (SELECT id FROM ok)
    AND given_up_at IS NOT NULL
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, user_id, id, CASE WHEN untold THEN 'connected' ELSE 'validated' END
  FROM ok
  WHERE is_news
),
flow AS (
  UPDATE calendar_used_states
  SET outcome = :outcome
  WHERE organization_id = :organization_id
    AND flow_id = :flow_id
),
checked AS (
  SELECT calint_require(EXISTS (SELECT FROM ok))
)
SELECT CASE WHEN :audit::boolean THEN calint_audit(
    :organization_id,
    :actor_id,
    'calendar_integration.validated',
    'CalendarIntegration',
    id::text,
    jsonb_build_object('provider', provider),
    :ip_address,
    :user_agent) END
FROM checked
LEFT JOIN ok ON true;
