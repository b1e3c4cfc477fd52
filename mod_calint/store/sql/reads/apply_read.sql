-- What a whole read brought, as the calendar's busy time: of the series that it names, or of all where it read
-- everything. What ends before the time that is known goes; else what is said to stay stays. Told to the ATS where any of
-- it changed.
WITH named AS (
  SELECT series_key, body, event_keys, unknown_from, version, owed, stays
  FROM calendar_read_series
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND reader = :reader
),
removed AS (
  DELETE FROM calendar_busy_intervals b
  WHERE organization_id = :organization_id
    AND sync_id = :sync
    AND (:is_full::boolean OR ends_at <= :known_from::timestamptz OR series_key IN (SELECT series_key FROM named))
    AND NOT EXISTS (
      SELECT
      FROM calendar_read_intervals n
      WHERE n.organization_id = :organization_id
        AND n.sync_id = :sync
        AND n.reader = :reader
        AND (n.series_key, n.kind, n.starts_at, n.ends_at) = (b.series_key, b.kind, b.starts_at, b.ends_at))
    AND NOT EXISTS (
      SELECT
      FROM named n
      WHERE n.series_key = b.series_key
        AND n.stays
        AND b.ends_at > :known_from)
  RETURNING starts_at, ends_at
),
added AS (
  INSERT INTO calendar_busy_intervals (organization_id, sync_id, series_key, kind, starts_at, ends_at, uid_hash)
  SELECT organization_id, sync_id, series_key, kind, starts_at, ends_at, uid_hash
  FROM calendar_read_intervals n
  WHERE organization_id = :organization_id
    AND sync_id = :sync
    AND reader = :reader
    AND NOT EXISTS (
      SELECT
      FROM calendar_busy_intervals b
      WHERE b.organization_id = :organization_id
        AND b.sync_id = :sync
        AND (b.series_key, b.kind, b.starts_at, b.ends_at) = (n.series_key, n.kind, n.starts_at, n.ends_at))
  RETURNING starts_at, ends_at
),
forgotten AS (
  DELETE FROM calendar_series s
  WHERE organization_id = :organization_id
    AND sync_id = :sync
    AND (:is_full OR series_key IN (SELECT series_key FROM named))
    AND NOT EXISTS (
      SELECT
      FROM named n
      WHERE n.series_key = s.series_key
        AND (n.body IS NOT NULL OR n.version IS NOT NULL OR n.stays))
),
kept AS (
  INSERT INTO calendar_series AS s (organization_id, sync_id, series_key, body, event_keys, unknown_from, version, owed)
  SELECT :organization_id, :sync, series_key, body, event_keys, unknown_from, version, owed
  FROM named
  WHERE body IS NOT NULL
    OR version IS NOT NULL
    OR owed IS NOT NULL
  ON CONFLICT (organization_id, sync_id, series_key) DO UPDATE
  SET body = CASE WHEN excluded.owed IS NULL THEN excluded.body ELSE coalesce(excluded.body, s.body) END,
      event_keys = CASE
        WHEN excluded.owed IS NULL OR excluded.body IS NOT NULL THEN excluded.event_keys
        ELSE s.event_keys END,
      unknown_from = CASE
        WHEN excluded.owed IS NULL OR excluded.body IS NOT NULL THEN excluded.unknown_from
        ELSE s.unknown_from END,
      version = CASE WHEN excluded.owed <> '' THEN s.version ELSE excluded.version END,
      owed = excluded.owed
  WHERE s.owed IS DISTINCT FROM excluded.owed
    OR (excluded.owed = '' AND s.version IS DISTINCT FROM excluded.version)
    OR ((excluded.owed IS NULL OR excluded.body IS NOT NULL)
        AND (s.body, s.unknown_from, s.version)
            IS DISTINCT FROM (excluded.body, excluded.unknown_from, excluded.version))
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, :user_id, :integration_id::bigint, 'availability_changed'
  WHERE EXISTS (SELECT FROM removed WHERE ends_at > :tells_from::timestamptz)
    OR EXISTS (SELECT FROM added WHERE starts_at < :tells_until::timestamptz)
)
SELECT
  (SELECT count(*) FROM removed) AS removed,
  (SELECT count(*) FROM added) AS added;
