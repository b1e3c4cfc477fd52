-- All that a read names of the next series behind :after, in order, each with what is stored of its series. Series by
-- series along the index: the table was just filled and has no statistics, and a plan for all of them together looks at
-- everything that is left, for each batch.
WITH RECURSIVE keys (series_key, place) AS (
  SELECT :after::text COLLATE "C", 0
  UNION ALL
  SELECT
    (SELECT r.series_key
     FROM calendar_read_items r
     WHERE r.organization_id = :organization_id
       AND r.sync_id = :sync::bigint
       AND r.reader = :reader
       AND NOT r.is_named
       AND r.series_key > keys.series_key
     ORDER BY r.series_key
     LIMIT 1),
    place + 1
  FROM keys
  WHERE keys.series_key IS NOT NULL
    AND place < :most::integer
)
SELECT
  keys.series_key,
  r.item,
  r.version,
  CASE WHEN r.place = 1 THEN
    (SELECT body
     FROM calendar_series s
     WHERE s.organization_id = :organization_id
       AND s.sync_id = :sync
       AND s.series_key = keys.series_key) END AS body
FROM keys,
  LATERAL (
    SELECT item, version, number, row_number() OVER (ORDER BY number) AS place
    FROM calendar_read_items o
    WHERE o.organization_id = :organization_id
      AND o.sync_id = :sync
      AND o.reader = :reader
      AND o.series_key = keys.series_key
      AND NOT o.is_named
  ) r
WHERE keys.place > 0
ORDER BY keys.place, r.number;
