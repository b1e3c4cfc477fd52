-- What reads before couldn't get is named by this one. conflict as in add_items.sql.
WITH
\ir ../fragments/leased.sql
,
owed AS (
  INSERT INTO calendar_read_items (organization_id, sync_id, reader, series_key, event_key, is_removal, is_named, item)
  SELECT organization_id, sync_id, :reader, series_key, series_key, false, true, owed
  FROM calendar_series
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND owed <> ''
)
SELECT calint_require(EXISTS (SELECT FROM leased) AND
  \ir ../fragments/begun.sql
);
