-- An interview that never came to be goes, with its people; its job has gone already.
DELETE FROM calendar_events
WHERE organization_id = :organization_id
  AND id = :event_id
  AND status = 'failed'
  AND provider_event_id IS NULL;
