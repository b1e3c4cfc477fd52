-- What is known of the time of an organisation's active users: a row for each ticked calendar of each, or one without,
-- by their places in :user_ids; none for who isn't such a user. Busy time that touches :from to :until is "b" (busy),
-- "t" (tentative), "u" (unanswered) or "o" (out of office) with the seconds of its start and end, joined by commas.
-- With the first row the organisation's rules; where :with_holds, with the first of each person their holds that touch
-- :ours_from to :ours_until, as a JSON array of [start, end, ref]. An organisation that is NULL is ''.
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
  FROM unnest(:user_ids::text[]) WITH ORDINALITY AS asked (user_id, number)
  JOIN calint_users u
    ON u.id::text = asked.user_id
    AND coalesce(u.organization_id::text, '') = :organization_id
    AND u.active
  LEFT JOIN calendar_integrations i
    ON i.organization_id = :organization_id
    AND i.user_id = asked.user_id
    AND i.active
  LEFT JOIN calendar_syncs s
    ON s.organization_id = i.organization_id
    AND s.integration_id = i.id
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
  (SELECT string_agg(
     left(b.kind, 1) || extract(epoch FROM b.starts_at)::bigint || '/' || extract(epoch FROM b.ends_at)::bigint, ',')
   FROM calendar_busy_intervals b
   WHERE b.organization_id = :organization_id
     AND b.sync_id = found.sync_id
     AND b.starts_at < :until::timestamptz
     AND b.ends_at > :from::timestamptz) AS busy,
  CASE WHEN :with_holds::boolean AND found.place_of_person = 1 THEN (
    SELECT jsonb_agg(jsonb_build_array(
      extract(epoch FROM h.starts_at)::bigint, extract(epoch FROM h.ends_at)::bigint, kept.ref))
    FROM calendar_hold_people h
    JOIN calendar_holds kept
      ON kept.organization_id = h.organization_id
      AND kept.id = h.hold_id
    WHERE h.organization_id = :organization_id
      AND h.user_id = found.user_id
      AND h.starts_at < :ours_until::timestamptz
      AND h.ends_at > :ours_from::timestamptz
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
LEFT JOIN calendar_organization_settings o
  ON o.organization_id = :organization_id
  AND found.place = 1
ORDER BY found.place;
