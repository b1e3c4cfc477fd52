-- The next series behind :after that a read names without saying what they are, as it named them last. Not those that are
-- known in that version, where that is asked for: unless the read said something else of them too.
WITH named AS (
  SELECT DISTINCT ON (series_key) series_key, item, version
  FROM calendar_read_items
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND reader = :reader
    AND is_named
    AND series_key > :after
  ORDER BY series_key, number DESC
)
SELECT series_key, item, version
FROM named n
WHERE NOT :known_stay::boolean
  OR NOT EXISTS (
    SELECT
    FROM calendar_series s
    WHERE s.organization_id = :organization_id
      AND s.sync_id = :sync
      AND s.series_key = n.series_key
      AND s.version = n.version
      AND coalesce(s.owed, '') = '')
  OR EXISTS (
    SELECT
    FROM calendar_read_items o
    WHERE o.organization_id = :organization_id
      AND o.sync_id = :sync
      AND o.reader = :reader
      AND o.series_key = n.series_key
      AND NOT o.is_named)
ORDER BY series_key
LIMIT :most::integer;
