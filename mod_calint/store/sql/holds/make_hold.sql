-- Keeps time of people who are locked: the hold with the same ref, people and time where there is one already; else a
-- new one, where nobody has :most holds and nothing is in its way or :allow_conflict. One row: what there is then, if
-- anything, who has too many, and what was in the way.
WITH asked AS (
  SELECT
    :user_ids::text[] AS user_ids,
    :start::timestamptz AS starts_at,
    :until::timestamptz AS ends_at
),
same AS (
  SELECT h.*
  FROM calendar_holds h, asked
  WHERE h.organization_id = :organization_id
    AND h.ref = :ref
    AND h.starts_at = asked.starts_at
    AND h.ends_at = asked.ends_at
    AND h.user_ids @> asked.user_ids
    AND h.user_ids <@ asked.user_ids
    AND
    \ir ../fragments/live_hold.sql
  LIMIT 1
),
conflicts AS (
  SELECT h.user_id, h.starts_at, h.ends_at, 'hold' AS why
  FROM asked
  JOIN calendar_hold_people h
    ON h.organization_id = :organization_id
    AND h.user_id = ANY (asked.user_ids)
    AND h.starts_at < asked.ends_at
    AND h.ends_at > asked.starts_at
  WHERE
    \ir ../fragments/live_hold.sql
  UNION ALL
  SELECT i.user_id, b.starts_at, b.ends_at, CASE WHEN b.kind = 'oof' THEN 'out_of_office' ELSE b.kind END
  FROM asked
  JOIN calendar_integrations i
    ON i.organization_id = :organization_id
    AND i.user_id = ANY (asked.user_ids)
    AND i.active
  JOIN calendar_syncs s
    ON s.organization_id = i.organization_id
    AND s.integration_id = i.id
  JOIN calendar_busy_intervals b
    ON b.organization_id = s.organization_id
    AND b.sync_id = s.id
    AND b.starts_at < asked.ends_at
    AND b.ends_at > asked.starts_at
  LEFT JOIN calendar_organization_settings o
    ON o.organization_id = :organization_id
  WHERE NOT (b.kind = 'tentative' AND coalesce(o.tentative, 'busy') = 'free')
    AND NOT (b.kind = 'unanswered' AND coalesce(o.unanswered, 'busy') = 'free')
),
full_up AS (
  SELECT h.user_id
  FROM calendar_hold_people h
  WHERE h.organization_id = :organization_id
    AND h.user_id = ANY (:user_ids::text[])
    AND
    \ir ../fragments/live_hold.sql
  GROUP BY h.user_id
  HAVING count(*) >= :most::bigint
),
made AS (
  INSERT INTO calendar_holds (organization_id, id, ref, user_ids, starts_at, ends_at, expires_at)
  SELECT :organization_id, :id, :ref, user_ids, starts_at, ends_at, :expires_at::timestamptz
  FROM asked
  WHERE NOT EXISTS (SELECT FROM same)
    AND NOT EXISTS (SELECT FROM full_up)
    AND (:allow_conflict::boolean OR NOT EXISTS (SELECT FROM conflicts))
  RETURNING *
),
kept AS (
  INSERT INTO calendar_hold_people (organization_id, user_id, hold_id, starts_at, ends_at, expires_at)
  SELECT organization_id, unnest(user_ids), id, starts_at, ends_at, expires_at
  FROM made
)
SELECT
  \ir ../fragments/hold_columns.sql
  ,
  h.is_new,
  (SELECT to_jsonb(array_agg(user_id)) FROM full_up) AS full_up,
  (SELECT jsonb_agg(jsonb_build_object(
     'user_id', user_id,
     'start', to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
     'end', to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
     'why', why) ORDER BY starts_at, user_id)
   FROM (SELECT * FROM conflicts ORDER BY starts_at LIMIT 100) first_ones) AS conflicts
FROM (SELECT) one
LEFT JOIN (
  SELECT *, false AS is_new FROM same
  UNION ALL
  SELECT *, true FROM made) h ON true;
