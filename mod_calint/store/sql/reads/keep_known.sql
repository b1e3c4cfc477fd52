-- Of series that a read names, and says nothing else of, what is stored stays. conflict as in add_items.sql.
WITH
\ir ../fragments/leased.sql
,
kept AS (
  INSERT INTO calendar_read_series (organization_id, sync_id, reader, series_key, stays)
  SELECT DISTINCT organization_id, sync_id, reader, series_key, true
  FROM calendar_read_items n
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND reader = :reader
    AND is_named
    AND NOT EXISTS (
      SELECT
      FROM calendar_read_series o
      WHERE o.organization_id = :organization_id
        AND o.sync_id = :sync
        AND o.reader = :reader
        AND o.series_key = n.series_key)
)
SELECT calint_require(EXISTS (SELECT FROM leased) AND
  \ir ../fragments/begun.sql
);
