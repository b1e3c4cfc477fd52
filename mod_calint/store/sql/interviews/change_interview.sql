-- An interview of people who are locked becomes another, unless it has changed since it was read, its connection has
-- ended, or something is in its way. What the provider needn't be told leaves it confirmed. One row: it, if it was
-- changed, and what was in the way.
WITH asked AS (
  SELECT
    :people::text[] AS people,
    :start::timestamptz AS starts_at,
    :until::timestamptz AS ends_at
),
\ir ../fragments/conflicts.sql
,
connection AS (
  SELECT id
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND id = :integration_id::bigint
    AND active
  FOR SHARE
),
written AS (
  UPDATE calendar_events e
  SET version = version + 1,
      status = CASE WHEN e.unsent || :parts::text[] = '{}' THEN 'confirmed' ELSE 'pending' END,
      body = :body::jsonb,
      guests = :guests::jsonb,
      starts_at = asked.starts_at,
      ends_at = asked.ends_at,
      unsent = ARRAY(SELECT DISTINCT unnest(e.unsent || :parts) ORDER BY 1),
      changed_in_calendar = CASE
        WHEN NOT (:names_time::boolean AND e.changed_in_calendar = 'time') THEN e.changed_in_calendar END,
      problem = NULL,
      problem_detail = NULL,
      problem_since = NULL,
      updated_at = now()
  FROM asked
  WHERE e.organization_id = :organization_id
    AND e.id = :event_id
    AND e.version = :version::bigint
    AND e.status <> 'cancelled'
    AND EXISTS (SELECT FROM connection)
    AND (NOT :checks_time::boolean OR :allow_conflict::boolean OR NOT EXISTS (SELECT FROM conflicts))
  RETURNING e.*
),
left_out AS (
  DELETE FROM calendar_event_people p
  USING written
  WHERE p.organization_id = :organization_id
    AND p.event_id = :event_id
    AND p.user_id <> ALL (:takers::text[])
),
taken AS (
  INSERT INTO calendar_event_people AS p (organization_id, user_id, event_id, starts_at, ends_at)
  SELECT organization_id, unnest(:takers), id, starts_at, ends_at
  FROM written
  ON CONFLICT (organization_id, user_id, event_id) DO UPDATE
  SET starts_at = excluded.starts_at,
      ends_at = excluded.ends_at,
      takes_time = true
  WHERE (p.starts_at, p.ends_at, p.takes_time) IS DISTINCT FROM (excluded.starts_at, excluded.ends_at, true)
),
\ir ../fragments/interview_job.sql
,
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT organization_id, user_id, integration_id, 'event_updated', calint_event_detail(id, interview_ref, 'sent')
  FROM written
)
SELECT
  \ir ../fragments/event_columns.sql
  ,
  \ir ../fragments/interview_job_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
  ,
  CASE WHEN :checks_time THEN
    \ir ../fragments/conflicts_as_json.sql
  END AS conflicts,
  (SELECT calint_audit(
     organization_id,
     :actor_id,
     'calendar_event.updated',
     'CalendarEvent',
     '0',
     jsonb_build_object('provider', provider, 'event_id', id, 'subject_user_id', user_id),
     :ip_address,
     :user_agent)
   FROM written)
FROM (SELECT) one
LEFT JOIN written e ON true
\ir ../fragments/interview_connection.sql
;
