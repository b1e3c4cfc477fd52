-- What reads of a calendar put aside. For WITH.
items AS (
  DELETE FROM calendar_read_items
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
),
series AS (
  DELETE FROM calendar_read_series
  WHERE organization_id = :organization_id
    AND sync_id = :sync
),
intervals AS (
  DELETE FROM calendar_read_intervals
  WHERE organization_id = :organization_id
    AND sync_id = :sync
)
