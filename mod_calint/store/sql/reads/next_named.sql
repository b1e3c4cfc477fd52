-- The next series behind :after that a read names without saying what they are, as it named them last. Not those that are
-- known in that version, where that is asked for: unless the read said something else of them too. Row by row along the
-- index, as in next_items.sql: a join would be made for all that is left, for each batch.
SELECT series_key, item, version
FROM calendar_read_items n
WHERE organization_id = :organization_id
  AND sync_id = :sync::bigint
  AND reader = :reader
  AND is_named
  AND series_key > :after
  AND number = (
    SELECT max(number)
    FROM calendar_read_items l
    WHERE l.organization_id = :organization_id
      AND l.sync_id = :sync
      AND l.reader = :reader
      AND l.series_key = n.series_key
      AND l.is_named)
  AND (NOT :known_stay::boolean
    OR (
      SELECT s.version = n.version AND coalesce(s.owed, '') = ''
      FROM calendar_series s
      WHERE s.organization_id = :organization_id
        AND s.sync_id = :sync
        AND s.series_key = n.series_key) IS NOT TRUE
    OR (
      SELECT true
      FROM calendar_read_items o
      WHERE o.organization_id = :organization_id
        AND o.sync_id = :sync
        AND o.reader = :reader
        AND o.series_key = n.series_key
        AND NOT o.is_named
      LIMIT 1))
ORDER BY series_key
LIMIT :most::integer;
