-- How many upcoming interviews stand in a calendar of an integration.
SELECT count(*) AS interviews
FROM calendar_events e
WHERE e.organization_id = :organization_id
  AND e.integration_id = :integration_id::bigint
  AND e.ends_at > now()
  AND e.status <> 'cancelled'
  AND e.provider_event_id IS NOT NULL;
