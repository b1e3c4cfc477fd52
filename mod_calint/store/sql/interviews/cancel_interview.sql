-- An interview ends here, and its time is free; the provider is still to be told, unless its connection has ended. One row,
-- none where there never was one; one that had ended stays as it was, and one that isn't in :version, where that is set.
WITH found AS (
  SELECT
    e.*,
    EXISTS (
      SELECT
      FROM calendar_integrations i
      WHERE i.organization_id = e.organization_id
        AND i.id = e.integration_id
        AND i.active) AS can_be_told
  FROM calendar_events e
  WHERE e.organization_id = :organization_id
    AND e.id = :event_id
  FOR UPDATE
),
written AS (
  UPDATE calendar_events e
  SET version = e.version + 1,
      status = 'cancelled',
      unsent = CASE WHEN can_be_told THEN '{cancel}'::text[] ELSE '{}' END,
      problem = CASE WHEN NOT can_be_told THEN 'organiser_disconnected' END,
      problem_detail = CASE WHEN NOT can_be_told THEN 'the event stays in the calendar that was disconnected' END,
      problem_since = CASE WHEN NOT can_be_told THEN now() END,
      updated_at = now()
  FROM found
  WHERE e.organization_id = found.organization_id
    AND e.id = found.id
    AND found.status <> 'cancelled'
    AND (:version::bigint IS NULL OR found.version = :version)
  RETURNING e.*
),
free AS (
  UPDATE calendar_event_people p
  SET takes_time = false
  FROM written
  WHERE p.organization_id = written.organization_id
    AND p.event_id = written.id
),
\ir ../fragments/interview_job.sql
,
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT organization_id, user_id, integration_id, 'event_cancelled', calint_event_detail(id, interview_ref, 'sent')
  FROM written
)
SELECT
  \ir ../fragments/event_columns.sql
  ,
  \ir ../fragments/interview_job_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
  ,
  (SELECT calint_audit(
     organization_id,
     :actor_id,
     'calendar_event.cancelled',
     'CalendarEvent',
     '0',
     jsonb_build_object('provider', provider, 'event_id', id, 'subject_user_id', user_id),
     :ip_address,
     :user_agent)
   FROM written)
FROM (
  SELECT * FROM written
  UNION ALL
  SELECT e.*
  FROM calendar_events e
  JOIN found
    ON found.organization_id = e.organization_id
    AND found.id = e.id
    AND NOT EXISTS (SELECT FROM written)) e
\ir ../fragments/interview_connection.sql
;
