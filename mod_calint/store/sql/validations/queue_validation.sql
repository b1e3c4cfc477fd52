-- The calendars of a healthy connection are to be read now; nothing where that waits to be done anyhow, or the connection
-- has changed.
WITH queued AS (
  INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)
  SELECT organization_id, 'validate', id, user_id, provider
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND id = :integration_id::bigint
    AND generation = :generation::bigint
    AND active
    AND status = 'connected'
  ON CONFLICT DO NOTHING
  RETURNING id
)
SELECT pg_notify('calint_jobs', '')
FROM queued;
