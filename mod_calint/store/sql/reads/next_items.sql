-- All that a read names of the next series behind :after, in order, each with what is stored of its series.
WITH keys AS (
  SELECT DISTINCT series_key
  FROM calendar_read_items
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND reader = :reader
    AND NOT is_named
    AND series_key > :after
  ORDER BY series_key
  LIMIT :most::integer
)
SELECT
  series_key,
  item,
  r.version,
  CASE WHEN lag(series_key) OVER (ORDER BY series_key, number) IS DISTINCT FROM series_key THEN body END AS body
FROM keys
JOIN calendar_read_items r USING (series_key)
LEFT JOIN calendar_series s USING (organization_id, sync_id, series_key)
WHERE organization_id = :organization_id
  AND sync_id = :sync
  AND reader = :reader
  AND NOT is_named
ORDER BY series_key, number;
