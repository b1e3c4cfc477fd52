-- Of "calendar_events e": what interview_from() reads. No EXISTS: for a list its tables would be read as a whole.
e.organization_id AS event_organization,
e.id AS event_id,
e.interview_ref,
e.user_id AS organiser,
e.integration_id AS event_integration,
e.provider AS event_provider,
e.calendar_id AS event_calendar,
e.status AS event_status,
e.version,
e.body,
e.guests,
e.starts_at,
e.ends_at,
to_jsonb(e.unsent) AS unsent,
e.provider_event_id,
e.uid,
e.html_link,
e.room,
e.room_url,
e.answers,
e.changed_in_calendar,
e.problem,
e.problem_detail,
e.problem_since,
e.created_at AS event_created_at,
e.updated_at AS event_updated_at,
coalesce((
  SELECT connected.active
  FROM calendar_integrations connected
  WHERE connected.organization_id = e.organization_id
    AND connected.id = e.integration_id), false) AS is_connected,
coalesce((
  SELECT true
  FROM calendar_syncs watched
  WHERE watched.organization_id = e.organization_id
    AND watched.integration_id = e.integration_id
    AND watched.calendar_id = e.calendar_id), false) AS is_watched
