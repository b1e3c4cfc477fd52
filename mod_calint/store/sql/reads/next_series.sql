-- The next stored series of a calendar behind :after.
SELECT series_key, body, version, owed
FROM calendar_series
WHERE organization_id = :organization_id
  AND sync_id = :sync::bigint
  AND series_key > :after
  AND body IS NOT NULL
ORDER BY series_key
LIMIT :most::integer;
