-- The ticked calendars of an integration, and how far each has been read. A look that was put off since somebody asked for
-- it has still to come.
SELECT
  s.calendar_id,
  last_synced_at,
  trouble,
  trouble_since,
  coalesce(
    due_at <= now()
    OR lease_until > now()
    OR (
      due_at > now()
      AND asked_at > coalesce(greatest(last_synced_at, tried_at), '-infinity')
      AND (
        \ir ../fragments/told_to_wait.sql
      ) IS NOT TRUE),
    false) AS waits,
  coalesce(
    \ir ../fragments/told_to_wait.sql
    , false) AS is_told_to_wait
FROM calendar_syncs s
LEFT JOIN calendar_jobs j
  ON j.organization_id = s.organization_id
  AND j.integration_id = s.integration_id
  AND j.kind = 'sync'
  AND j.subject = s.calendar_id
  AND given_up_at IS NULL
WHERE s.organization_id = :organization_id
  AND s.integration_id = :integration_id::bigint
ORDER BY s.calendar_id;
