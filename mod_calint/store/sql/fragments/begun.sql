-- Whether all that a read put aside is there: a crash of the server takes it with the mark that the read began with, and
-- so does another read that begins.
EXISTS (
  SELECT
  FROM calendar_read_series
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND reader = :reader
    AND series_key = '')
