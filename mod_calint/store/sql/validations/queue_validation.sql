-- The calendars of a healthy connection are to be read now; nothing where that was tried and waits to be tried again,
-- or the connection has changed.
WITH hastened AS (
  UPDATE calendar_jobs
  SET due_at = now()
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id::bigint
    AND kind = 'validate'
    AND given_up_at IS NULL
    AND attempts = 0
    AND due_at > now()
  RETURNING id
),
queued AS (
  INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)
  SELECT organization_id, 'validate', id, user_id, provider
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND id = :integration_id
    AND generation = :generation::bigint
    AND active
    AND status = 'connected'
  ON CONFLICT DO NOTHING
  RETURNING id
)
SELECT pg_notify('calint_jobs', '')
FROM (SELECT FROM hastened UNION ALL SELECT FROM queued) news;
