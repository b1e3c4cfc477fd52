-- What is known of the time of an organisation's active users: a row for each ticked calendar of each, or one without,
-- by their places in :user_ids; none for who isn't such a user. Busy time that touches :from to :until is "b" (busy),
-- "t" (tentative), "u" (unanswered) or "o" (out of office) with the seconds of its start and end, joined by commas.
-- "ours" is what calendars have of interviews that take that person's time, as a JSON array of [start, end, ref, letter].
-- With the first row the organisation's rules; with the first of each person their interviews, and where :with_holds their
-- holds, that touch :ours_from to :ours_until, as JSON arrays of [start, end, ref, is_pending] and [start, end, ref]. An
-- organisation that is NULL is ''.
WITH found AS (
  SELECT
    asked.number,
    asked.user_id,
    u.time_zone,
    i.id AS integration_id,
    i.status,
    s.id AS sync_id,
    s.last_synced_at,
    s.known_from,
    s.known_until,
    s.trouble,
    row_number() OVER (ORDER BY asked.number, s.id) AS place,
    row_number() OVER (PARTITION BY asked.number ORDER BY s.id) AS place_of_person
  FROM
  \ir ../fragments/asked_users.sql
  LEFT JOIN calendar_syncs s
    ON s.organization_id = i.organization_id
    AND s.integration_id = i.id
),
-- What a calendar has of an interview may lie elsewhere, until it is read again; after a refused change it takes time of
-- its own.
interviews AS MATERIALIZED (
  SELECT p.user_id, p.takes_time, p.starts_at, p.ends_at, e.interview_ref, e.status,
    CASE WHEN e.status <> 'failed' THEN hashtextextended(e.uid, 0) END AS uid_hash
  FROM calendar_event_people p
  JOIN calendar_events e
    ON e.organization_id = p.organization_id
    AND e.id = p.event_id
  WHERE p.organization_id = :organization_id
    AND p.user_id = ANY (:user_ids)
    AND p.ends_at > least(:from::timestamptz, :ours_from::timestamptz) - interval '31 days'
)
SELECT
  found.number,
  found.time_zone,
  found.status,
  found.integration_id IS NULL AND EXISTS (
    SELECT
    FROM calendar_integrations former
    WHERE former.organization_id = :organization_id
      AND former.user_id = found.user_id
      AND NOT former.active) AS was_connected,
  found.sync_id,
  found.last_synced_at,
  found.known_from,
  found.known_until,
  found.trouble,
  (SELECT min(series.unknown_from)
   FROM calendar_series series
   WHERE series.organization_id = :organization_id
     AND series.sync_id = found.sync_id
     AND series.unknown_from IS NOT NULL) AS unknown_from,
  read.busy,
  read.ours,
  CASE WHEN found.place_of_person = 1 THEN (
    SELECT jsonb_agg(jsonb_build_array(
      extract(epoch FROM starts_at)::bigint, extract(epoch FROM ends_at)::bigint, interview_ref, status = 'pending'))
    FROM interviews
    WHERE user_id = found.user_id
      AND takes_time
      AND starts_at < :ours_until::timestamptz
      AND ends_at > :ours_from
  ) END AS interviews,
  CASE WHEN :with_holds::boolean AND found.place_of_person = 1 THEN (
    SELECT jsonb_agg(jsonb_build_array(
      extract(epoch FROM h.starts_at)::bigint, extract(epoch FROM h.ends_at)::bigint, kept.ref))
    FROM calendar_hold_people h
    JOIN calendar_holds kept
      ON kept.organization_id = h.organization_id
      AND kept.id = h.hold_id
    WHERE h.organization_id = :organization_id
      AND h.user_id = found.user_id
      AND h.starts_at < :ours_until
      AND h.ends_at > :ours_from
      AND
      \ir ../fragments/live_hold.sql
  ) END AS holds,
  o.working_hours,
  o.dates,
  o.buffer_before,
  o.buffer_after,
  o.tentative,
  o.unanswered,
  o.unknown
FROM found
CROSS JOIN LATERAL (
  SELECT
    string_agg(
      left(b.kind, 1) || extract(epoch FROM b.starts_at)::bigint || '/' || extract(epoch FROM b.ends_at)::bigint, ',')
      FILTER (WHERE mine.user_id IS NULL) AS busy,
    jsonb_agg(jsonb_build_array(
      extract(epoch FROM b.starts_at)::bigint, extract(epoch FROM b.ends_at)::bigint, mine.interview_ref, left(b.kind, 1)))
      FILTER (WHERE mine.takes_time) AS ours
  FROM calendar_busy_intervals b
  LEFT JOIN interviews mine
    ON mine.user_id = found.user_id
    AND mine.uid_hash = b.uid_hash
  WHERE b.organization_id = :organization_id
    AND b.sync_id = found.sync_id
    AND b.starts_at < :until::timestamptz
    AND b.ends_at > :from
) read
LEFT JOIN calendar_organization_settings o
  ON o.organization_id = :organization_id
  AND found.place = 1
ORDER BY found.place;
