-- The ticked calendars of people are due now, but for those that were read or tried within a minute, that have to be read
-- as a whole first, and what a provider told to wait for. How many of them are still to be read.
WITH connections AS (
  SELECT id
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND user_id = ANY (:user_ids::text[])
    AND active
    AND status = 'connected'
),
wanted AS (
  SELECT
    j.id,
    due_at > now() AND coalesce(lease_until <= now(), true) AS is_idle
  FROM connections
  JOIN calendar_syncs s
    ON s.organization_id = :organization_id
    AND s.integration_id = connections.id
  JOIN calendar_jobs j
    ON j.organization_id = s.organization_id
    AND j.integration_id = s.integration_id
    AND j.kind = 'sync'
    AND j.subject = s.calendar_id
  WHERE cursor IS NOT NULL
    AND greatest(last_synced_at, tried_at) <= now() - interval '1 minute'
    AND given_up_at IS NULL
    AND (
      \ir ../fragments/told_to_wait.sql
    ) IS NOT TRUE
),
hastened AS (
  UPDATE calendar_jobs j
  SET due_at = now()
  FROM wanted
  WHERE j.organization_id = :organization_id
    AND j.id = wanted.id
    AND is_idle
)
SELECT count(*) AS waiting
FROM wanted;
