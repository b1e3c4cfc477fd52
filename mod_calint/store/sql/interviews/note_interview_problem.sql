-- The provider can't be told of an interview now; :is_final: ever, as it is, so it has failed until another change, and its
-- job is gone. An interview that never was in a calendar takes no time then. The ATS is told where that is news. No row where
-- somebody else has the lease by now.
WITH before AS (
  SELECT e.*
  FROM calendar_events e
  WHERE
    \ir ../fragments/leased_interview.sql
  FOR UPDATE
),
written AS (
  UPDATE calendar_events e
  SET status = CASE WHEN is_over AND e.status <> 'cancelled' THEN 'failed' ELSE e.status END,
      unsent = CASE WHEN is_over AND e.status = 'cancelled' THEN '{}' ELSE e.unsent END,
      problem = :problem,
      problem_detail = :problem_detail,
      problem_since = CASE WHEN e.problem = :problem THEN e.problem_since ELSE now() END,
      updated_at = now()
  FROM (SELECT :is_final::boolean AND version = :version::bigint AS is_over FROM before) judged
  WHERE e.organization_id = :organization_id
    AND e.id = :event_id
  RETURNING e.*, is_over
),
free AS (
  UPDATE calendar_event_people p
  SET takes_time = false
  FROM written
  WHERE is_over
    AND written.provider_event_id IS NULL
    AND p.organization_id = :organization_id
    AND p.event_id = :event_id
),
ended AS (
  DELETE FROM calendar_jobs j
  USING written
  WHERE is_over
    AND j.organization_id = :organization_id
    AND j.id = :job
    AND j.lease_owner = :owner
),
put_off AS (
  UPDATE calendar_jobs j
  SET lease_owner = NULL,
      lease_until = NULL,
      attempts = :attempts::integer,
      last_error = :reason,
      due_at = CASE
        WHEN j.due_at <> :claimed_due_at::timestamptz THEN now()
        ELSE greatest(now() + :pause::interval, CASE WHEN :keeps_backoff::boolean THEN retry_at END) END
  FROM written
  WHERE NOT is_over
    AND j.organization_id = :organization_id
    AND j.id = :job
    AND j.lease_owner = :owner
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT e.organization_id, e.user_id, e.integration_id,
    CASE WHEN is_over THEN 'event_failed' ELSE 'event_updated' END,
    calint_event_detail(e.id, e.interview_ref, CASE WHEN is_over THEN 'failed' ELSE 'problem' END)
  FROM written e, before
  WHERE is_over
    OR before.problem IS DISTINCT FROM e.problem
)
SELECT
  \ir ../fragments/event_columns.sql
FROM written e;
