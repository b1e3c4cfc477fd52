-- Books an interview of people who are locked: the one that has the ref, where there is one; else a new one, where its
-- calendar is the present one, its hold hasn't ended and nothing is in its way or :allow_conflict. It takes the hold's
-- place, whose alternatives are released. One row: what there is then, if anything, and what was in the way.
WITH asked AS (
  SELECT
    :people::text[] AS people,
    :start::timestamptz AS starts_at,
    :until::timestamptz AS ends_at
),
same AS (
  SELECT e.*
  FROM calendar_events e
  WHERE e.organization_id = :organization_id
    AND e.interview_ref = :interview_ref
    AND e.status <> 'cancelled'
),
destination AS (
  SELECT id
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND id = :integration_id::bigint
    AND active
    AND calendar_id = :calendar_id
  FOR SHARE
),
hold AS (
  SELECT h.id, h.ref
  FROM calendar_holds h
  WHERE h.organization_id = :organization_id
    AND h.id = :hold_id
    AND
    \ir ../fragments/live_hold.sql
),
\ir ../fragments/conflicts.sql
,
written AS (
  INSERT INTO calendar_events (organization_id, id, interview_ref, user_id, integration_id, provider, calendar_id, status,
    body, digest, guests, starts_at, ends_at, unsent)
  SELECT :organization_id, :event_id, :interview_ref, :user_id, :integration_id, :provider, :calendar_id, 'pending',
    :body::jsonb, :digest, :guests::jsonb, starts_at, ends_at, '{create}'
  FROM asked
  WHERE NOT EXISTS (SELECT FROM same)
    AND EXISTS (SELECT FROM destination)
    AND (:hold_id::text IS NULL OR EXISTS (SELECT FROM hold))
    AND (:allow_conflict::boolean OR NOT EXISTS (SELECT FROM conflicts))
  RETURNING *
),
taken AS (
  INSERT INTO calendar_event_people (organization_id, user_id, event_id, starts_at, ends_at)
  SELECT organization_id, unnest(:takers::text[]), id, starts_at, ends_at
  FROM written
),
to_release AS (
  SELECT h.id, h.expires_at
  FROM hold, written, calendar_holds h
  WHERE h.organization_id = :organization_id
    AND (h.id = hold.id OR h.ref = hold.ref)
    AND
    \ir ../fragments/live_hold.sql
  FOR UPDATE OF h
),
released AS (
  UPDATE calendar_holds h
  SET expires_at = now()
  FROM to_release
  WHERE h.organization_id = :organization_id
    AND h.id = to_release.id
  RETURNING h.id
),
freed AS (
  UPDATE calendar_hold_people p
  SET expires_at = now()
  FROM released
  WHERE p.organization_id = :organization_id
    AND p.hold_id = released.id
),
\ir ../fragments/interview_job.sql
,
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT organization_id, user_id, integration_id, 'event_created', calint_event_detail(id, interview_ref, 'sent')
  FROM written
)
SELECT
  \ir ../fragments/event_columns.sql
  ,
  e.is_new,
  \ir ../fragments/is_same_event.sql
  AS is_same,
  EXISTS (SELECT FROM destination) AS is_connected_there,
  :hold_id IS NULL OR EXISTS (SELECT FROM hold) AS is_held,
  (SELECT jsonb_agg(to_jsonb(to_release)) FROM to_release) AS released,
  \ir ../fragments/interview_job_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
  ,
  \ir ../fragments/conflicts_as_json.sql
  AS conflicts,
  (SELECT calint_audit(
     organization_id,
     :actor_id,
     'calendar_event.created',
     'CalendarEvent',
     '0',
     jsonb_build_object('provider', provider, 'event_id', id, 'subject_user_id', user_id),
     :ip_address,
     :user_agent)
   FROM written)
FROM asked
LEFT JOIN (
  SELECT *, false AS is_new FROM same
  UNION ALL
  SELECT *, true FROM written) e ON true
\ir ../fragments/interview_connection.sql
;
