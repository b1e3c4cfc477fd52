-- Keeps time of people who are locked: the hold with the same ref, people and time where there is one already; else a
-- new one, where nobody has :most holds and nothing is in its way or :allow_conflict. One row: what there is then, if
-- anything, who has too many, and what was in the way.
WITH asked AS (
  SELECT
    :user_ids::text[] AS people,
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
    AND h.user_ids @> asked.people
    AND h.user_ids <@ asked.people
    AND
    \ir ../fragments/live_hold.sql
  LIMIT 1
),
\ir ../fragments/conflicts.sql
,
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
  SELECT :organization_id, :id, :ref, people, starts_at, ends_at, :expires_at::timestamptz
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
  \ir ../fragments/conflicts_as_json.sql
  AS conflicts
FROM (SELECT) one
LEFT JOIN (
  SELECT *, false AS is_new FROM same
  UNION ALL
  SELECT *, true FROM made) h ON true;
