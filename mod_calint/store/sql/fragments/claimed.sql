-- The rows of calendar_jobs that a claim takes: up to :most that wait, of one kind and lane, of each organisation in
-- rounds. While little is due, the organisations that have something are read off it; in a crowd that might hide some,
-- the claim looks at 64 more by the index, going on behind :after where the last one ended. For WITH RECURSIVE.
--
-- FOR UPDATE looks at the newest version of a row: one that was put off since the statement began isn't taken. Nothing
-- that an index has is changed.
sample AS (
  SELECT organization_id
  FROM calendar_jobs
  WHERE kind = :kind
    AND lane = :lane
    AND
    \ir waiting.sql
  ORDER BY due_at
  LIMIT 256
),
crowd AS (
  SELECT count(*) = 256 AS is_crowd
  FROM sample
),
looked_at (o, n) AS (
  SELECT :after::text, 0
  FROM crowd
  WHERE is_crowd
  UNION ALL
  SELECT
    (SELECT organization_id
     FROM calendar_jobs
     WHERE kind = :kind
       AND lane = :lane
       AND given_up_at IS NULL
       AND organization_id > o
     ORDER BY organization_id
     LIMIT 1),
    n + 1
  FROM looked_at
  WHERE o IS NOT NULL
    AND n < 64
),
busy (o) AS (
  SELECT organization_id
  FROM sample
  UNION
  SELECT o
  FROM looked_at
  WHERE o IS NOT NULL
    AND EXISTS (
      SELECT
      FROM calendar_jobs
      WHERE kind = :kind
        AND lane = :lane
        AND organization_id = o
        AND
        \ir waiting.sql
    )
),
chosen AS (
  SELECT o
  FROM busy
  ORDER BY random()
  LIMIT :most::integer
),
-- Of one organisation alone as many as are asked for; of many a few each, because whatever is locked is written.
each (most) AS (
  SELECT least(:most, greatest(2, (2 * :most + count(*) - 1) / count(*)))
  FROM chosen
),
locked AS (
  SELECT o, one.id, row_number() OVER (PARTITION BY o ORDER BY one.due_at) AS round
  FROM chosen,
    LATERAL (
      SELECT id, due_at
      FROM calendar_jobs
      WHERE kind = :kind
        AND lane = :lane
        AND organization_id = o
        AND
        \ir waiting.sql
      ORDER BY due_at
      LIMIT (SELECT most FROM each)
      FOR UPDATE SKIP LOCKED
    ) one
),
taken AS (
  SELECT o, id AS i
  FROM locked
  ORDER BY round, random()
  LIMIT :most
),
round AS (
  SELECT
    (SELECT is_crowd FROM crowd) OR EXISTS (SELECT FROM locked WHERE round = (SELECT most FROM each)) AS may_be_more,
    (SELECT coalesce(max(o) FILTER (WHERE n = 64), '') FROM looked_at) AS ended_at
),
claimed AS (
  UPDATE calendar_jobs
  SET lease_owner = :owner,
      lease_until = now() + :lease::interval,
      retry_at = now() + calint_backoff(attempts, :first_pause::bigint, :longest_pause::bigint),
      attempts = attempts + 1
  FROM taken
  WHERE organization_id = o
    AND id = i
  RETURNING calendar_jobs.*
)
