-- The calendars of an integration are read now; one that is being read, once more after that; one that was given up, too.
-- What a provider told to wait for is waited for, until that is over.
WITH asked AS (
  UPDATE calendar_syncs
  SET asked_at = now()
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id::bigint
  RETURNING calendar_id
),
live AS (
  UPDATE calendar_jobs
  SET due_at = CASE
    WHEN lease_until > now() THEN clock_timestamp()
    WHEN
      \ir ../fragments/told_to_wait.sql
      THEN due_at
    ELSE least(due_at, now()) END
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id
    AND kind = 'sync'
    AND subject IN (SELECT calendar_id FROM asked)
    AND given_up_at IS NULL
  RETURNING subject
)
INSERT INTO calendar_jobs (organization_id, kind, integration_id, subject, user_id, provider)
SELECT i.organization_id, 'sync', i.id, s.calendar_id, user_id, provider
FROM calendar_syncs s
JOIN calendar_integrations i
  ON i.organization_id = s.organization_id
  AND i.id = s.integration_id
WHERE s.organization_id = :organization_id
  AND s.integration_id = :integration_id
  AND s.calendar_id NOT IN (SELECT subject FROM live)
ON CONFLICT DO NOTHING;
