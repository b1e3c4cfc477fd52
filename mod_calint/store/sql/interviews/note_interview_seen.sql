-- How an event stands, as a call told that was made for :version of its interview. What was sent isn't unsent any more, but
-- where another change came meanwhile; times that somebody set in the calendar are the interview's, unless the ATS has set
-- others. The ATS is told of each thing that changed. No row where somebody else has the lease by now.
WITH before AS (
  SELECT e.*
  FROM calendar_events e
  WHERE
    \ir ../fragments/leased_interview.sql
  FOR UPDATE
),
after AS (
  SELECT
    CASE
      WHEN version = :version::bigint THEN ARRAY(SELECT unnest(unsent) EXCEPT SELECT unnest(:sent::text[]) ORDER BY 1)
      ELSE array_remove(unsent, CASE WHEN 'create' = ANY (:sent) THEN 'create' END) END AS unsent,
    status <> 'cancelled'
      AND version = :version
      AND NOT ('time' = ANY (unsent) OR 'create' = ANY (unsent))
      AND (starts_at, ends_at) <> (:start::timestamptz, :until::timestamptz) AS is_moved,
    (SELECT jsonb_agg(one ORDER BY one) FROM jsonb_array_elements(answers) AS one WHERE one ->> 'status' <> 'needs_action')
      IS DISTINCT FROM
      (SELECT jsonb_agg(one ORDER BY one)
       FROM jsonb_array_elements(:answers::jsonb) AS one
       WHERE one ->> 'status' <> 'needs_action') AS is_answered,
    :is_declined::boolean AND changed_in_calendar IS DISTINCT FROM 'declined' AS is_declined_now,
    room IS DISTINCT FROM :room OR room_url IS DISTINCT FROM :room_url AS has_other_room
  FROM before
),
written AS (
  UPDATE calendar_events e
  SET provider_event_id = :provider_event_id,
      uid = coalesce(:uid, e.uid),
      calendar_id = :calendar_id,
      html_link = :html_link,
      room = :room,
      room_url = :room_url,
      answers = :answers,
      unsent = after.unsent,
      status = CASE
        WHEN e.status <> 'cancelled' AND after.unsent = '{}' THEN 'confirmed'
        ELSE e.status END,
      starts_at = CASE WHEN is_moved THEN :start ELSE e.starts_at END,
      ends_at = CASE WHEN is_moved THEN :until ELSE e.ends_at END,
      changed_in_calendar = CASE
        WHEN e.status = 'cancelled' THEN e.changed_in_calendar
        WHEN is_moved THEN 'time'
        WHEN :is_declined THEN coalesce(nullif(e.changed_in_calendar, 'deleted'), 'declined')
        WHEN e.changed_in_calendar = 'declined' THEN NULL
        ELSE e.changed_in_calendar END,
      problem = CASE WHEN :room = 'failed' THEN 'conference_unsupported' END,
      problem_detail = CASE WHEN :room = 'failed' THEN 'the provider could not make the conference' END,
      problem_since = CASE WHEN :room = 'failed' THEN coalesce(e.problem_since, now()) END,
      updated_at = now()
  FROM after
  WHERE e.organization_id = :organization_id
    AND e.id = :event_id
  RETURNING e.*
),
moved AS (
  UPDATE calendar_event_people p
  SET starts_at = :start,
      ends_at = :until
  FROM after
  WHERE is_moved
    AND p.organization_id = :organization_id
    AND p.event_id = :event_id
),
\ir ../fragments/interview_job_end.sql
,
changes AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT e.organization_id, e.user_id, e.integration_id, 'event_updated', calint_event_detail(e.id, e.interview_ref, what)
  FROM written e, before, after,
    unnest(ARRAY['confirmed', 'time', 'answer']) AS what
  WHERE e.status <> 'cancelled'
    AND CASE what
      WHEN 'confirmed' THEN (e.status = 'confirmed' AND before.status <> 'confirmed') OR has_other_room
      WHEN 'time' THEN is_moved
      ELSE is_answered OR is_declined_now END
)
SELECT
  \ir ../fragments/event_columns.sql
FROM written e;
