-- Of "calendar_events e": the one that the caller's job is about.
e.organization_id = :organization_id
AND e.id = :event_id
AND EXISTS (
  SELECT
  FROM calendar_jobs j
  WHERE j.organization_id = :organization_id
    AND j.id = :job::bigint
    AND j.subject = :event_id
    AND j.lease_owner = :owner)
