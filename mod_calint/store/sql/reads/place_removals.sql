-- What is told of an event that is part of a series, without saying of which, is of the series that the same read or what
-- is stored has it in. conflict as in add_items.sql.
WITH
\ir ../fragments/leased.sql
,
placed AS (
  UPDATE calendar_read_items r
  SET series_key = coalesce(
    (SELECT o.series_key
     FROM calendar_read_items o
     WHERE o.organization_id = :organization_id
       AND o.sync_id = :sync::bigint
       AND o.reader = :reader
       AND o.event_key = r.event_key
       AND NOT o.is_removal
     ORDER BY o.series_key = o.event_key, o.number DESC
     LIMIT 1),
    (SELECT s.series_key
     FROM calendar_series s
     WHERE s.organization_id = :organization_id
       AND s.sync_id = :sync
       AND s.event_keys @> ARRAY[r.event_key]
     LIMIT 1),
    series_key)
  WHERE organization_id = :organization_id
    AND sync_id = :sync
    AND reader = :reader
    AND is_removal
    AND NOT EXISTS (
      SELECT
      FROM calendar_series s
      WHERE s.organization_id = :organization_id
        AND s.sync_id = :sync
        AND s.series_key = r.event_key)
)
SELECT calint_require(EXISTS (SELECT FROM leased) AND
  \ir ../fragments/begun.sql
);
