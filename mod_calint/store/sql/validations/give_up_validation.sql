-- No more is tried: the integration is expired, for the reason that it has, and isn't refreshed any more. The job
-- stays. conflict where the integration changed since it was read, or somebody else has the job's lease by now.
WITH old AS (
  SELECT
    id,
    \ir ../fragments/untold.sql
    AS untold
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND id = :integration_id::bigint
    AND generation = :generation::bigint
    AND active
    AND status = 'error'
  FOR UPDATE
),
job AS (
  UPDATE calendar_jobs
  SET given_up_at = now(),
      lease_owner = NULL,
      lease_until = NULL
  WHERE organization_id = :organization_id
    AND id = :id::bigint
    AND lease_owner = :owner
    AND EXISTS (SELECT FROM old)
  RETURNING id
),
ended AS (
  UPDATE calendar_integrations
  SET status = 'expired',
      error_since = now(),
      updated_at = now()
  WHERE organization_id = :organization_id
    AND id = (SELECT id FROM old)
    AND EXISTS (SELECT FROM job)
  RETURNING id, user_id, provider, last_error
),
refresh AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND integration_id = (SELECT id FROM ended)
    AND kind = 'refresh'
    AND given_up_at IS NULL
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, user_id, id, CASE WHEN (SELECT untold FROM old) THEN 'connected' ELSE 'expired' END
  FROM ended
),
checked AS (
  SELECT calint_require(EXISTS (SELECT FROM ended))
)
SELECT calint_audit(
    :organization_id,
    NULL,
    'calendar_integration.expired',
    'CalendarIntegration',
    id::text,
    jsonb_build_object('provider', provider, 'reason', last_error, 'subject_user_id', user_id),
    NULL,
    NULL)
FROM checked
LEFT JOIN ended ON true;
