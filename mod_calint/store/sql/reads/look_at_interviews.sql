-- Interviews that a read tells something of are looked at, and those that it doesn't find in their calendar any more.
INSERT INTO calendar_jobs (organization_id, kind, integration_id, subject, user_id, provider)
SELECT e.organization_id, 'interview', e.integration_id, e.id, e.user_id, e.provider
FROM calendar_events e
LEFT JOIN calendar_read_series n
  ON n.organization_id = e.organization_id
  AND n.sync_id = :sync::bigint
  AND n.reader = :reader
  AND n.series_key = e.provider_event_id
WHERE e.organization_id = :organization_id
  AND e.integration_id = :integration_id::bigint
  AND e.status IN ('pending', 'confirmed')
  AND e.provider_event_id IS NOT NULL
  AND e.ends_at > now() - interval '1 day'
  AND (
    NOT n.stays
    OR n.series_key IS NULL AND :is_full::boolean AND e.calendar_id = :calendar_id)
ON CONFLICT (organization_id, integration_id, kind, subject)
  WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'
DO UPDATE
SET due_at = now();
