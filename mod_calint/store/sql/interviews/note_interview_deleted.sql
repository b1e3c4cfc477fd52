-- Somebody deleted an interview in the calendar: it ends, its time is free, and nothing brings it back. No row where
-- somebody else has the lease by now; no change where that was known.
WITH before AS (
  SELECT e.status, e.unsent
  FROM calendar_events e
  WHERE
    \ir ../fragments/leased_interview.sql
  FOR UPDATE
),
written AS (
  UPDATE calendar_events e
  SET status = 'cancelled',
      unsent = '{}',
      changed_in_calendar = CASE WHEN before.status = 'cancelled' THEN e.changed_in_calendar ELSE 'deleted' END,
      version = e.version + CASE WHEN before.status = 'cancelled' THEN 0 ELSE 1 END,
      problem = NULL,
      problem_detail = NULL,
      problem_since = NULL,
      updated_at = now()
  FROM before
  WHERE e.organization_id = :organization_id
    AND e.id = :event_id
  RETURNING e.*
),
free AS (
  UPDATE calendar_event_people p
  SET takes_time = false
  FROM written
  WHERE p.organization_id = :organization_id
    AND p.event_id = :event_id
),
\ir ../fragments/interview_job_end.sql
,
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT e.organization_id, e.user_id, e.integration_id, 'event_cancelled',
    calint_event_detail(e.id, e.interview_ref, CASE WHEN before.status = 'cancelled' THEN 'confirmed' ELSE 'deleted' END)
  FROM written e, before
  WHERE before.status <> 'cancelled'
    OR before.unsent <> '{}'
)
SELECT
  \ir ../fragments/event_columns.sql
FROM written e;
