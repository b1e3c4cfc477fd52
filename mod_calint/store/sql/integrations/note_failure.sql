-- An integration doesn't work. What was there before decides whether that is news: the old row is read and locked
-- first.
WITH old AS (
  SELECT
    id,
    user_id,
    provider,
    status,
    last_error,
    \ir ../fragments/untold.sql
    AS untold
  FROM calendar_integrations
  WHERE
    \ir ../fragments/as_seen.sql
    AND seal_id = :seal_id
  FOR UPDATE
),
failed AS (
  UPDATE calendar_integrations i
  SET status = :status,
      last_error = :reason,
      error_since =
        CASE WHEN i.status = :status AND NOT :since_now::boolean THEN coalesce(i.error_since, now()) ELSE now() END,
      updated_at = now()
  FROM old
  WHERE i.organization_id = :organization_id
    AND i.id = old.id
  RETURNING i.id, i.user_id, old.untold, old.status <> :status OR old.last_error IS DISTINCT FROM :reason AS is_news
),
waiting AS (
  UPDATE calendar_jobs
  SET due_at = greatest(due_at, now() + :retry_in::interval),
      last_error = :reason
  WHERE organization_id = :organization_id
    AND integration_id = (SELECT id FROM old)
    AND kind = 'validate'
    AND given_up_at IS NULL
    AND :status = 'error'
  RETURNING id
),
job AS (
  INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at, attempts, last_error)
  SELECT :organization_id, 'validate', id, user_id, provider, now() + :retry_in, 1, :reason
  FROM old
  WHERE :status = 'error'
    AND NOT EXISTS (SELECT FROM waiting)
  ON CONFLICT DO NOTHING
),
ended AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND integration_id = (SELECT id FROM old)
    AND kind IN ('validate', 'refresh')
    AND given_up_at IS NULL
    AND :status = 'expired'
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, user_id, id, CASE WHEN untold THEN 'connected' ELSE :status END
  FROM failed
  WHERE is_news
)
SELECT calint_audit(
    :organization_id,
    :actor_id,
    'calendar_integration.' || CASE WHEN :status = 'expired' THEN 'expired' ELSE 'validation_failed' END,
    'CalendarIntegration',
    id::text,
    jsonb_build_object('provider', provider, 'reason', :reason::text, 'subject_user_id', user_id),
    :ip_address,
    :user_agent)
FROM old
WHERE status <> :status
  OR last_error IS DISTINCT FROM :reason;
