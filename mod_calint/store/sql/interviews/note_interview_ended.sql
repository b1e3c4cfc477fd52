-- The provider was told that an interview is cancelled. No row where somebody else has the lease by now.
WITH written AS (
  UPDATE calendar_events e
  SET unsent = '{}',
      problem = NULL,
      problem_detail = NULL,
      problem_since = NULL,
      updated_at = now()
  WHERE
    \ir ../fragments/leased_interview.sql
    AND e.status = 'cancelled'
  RETURNING e.*
),
\ir ../fragments/interview_job_end.sql
,
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT organization_id, user_id, integration_id, 'event_cancelled', calint_event_detail(id, interview_ref, 'confirmed')
  FROM written
)
SELECT
  \ir ../fragments/event_columns.sql
FROM written e;
