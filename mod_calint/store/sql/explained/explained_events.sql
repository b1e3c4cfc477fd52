-- What is stored of a calendar behind :after, series by series: those that are kept with their body, of others the
-- intervals that they take.
WITH keys AS (
  SELECT series_key
  FROM calendar_series
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND series_key > :after
  UNION
  SELECT series_key
  FROM calendar_busy_intervals
  WHERE organization_id = :organization_id
    AND sync_id = :sync
    AND series_key > :after
  ORDER BY series_key
  LIMIT :most::integer
)
SELECT k.series_key, body, kind, starts_at, ends_at
FROM keys k
LEFT JOIN calendar_series s
  ON s.organization_id = :organization_id
  AND s.sync_id = :sync
  AND s.series_key = k.series_key
LEFT JOIN calendar_busy_intervals b
  ON b.organization_id = :organization_id
  AND b.sync_id = :sync
  AND b.series_key = k.series_key
  AND s.body IS NULL
ORDER BY k.series_key, starts_at;
