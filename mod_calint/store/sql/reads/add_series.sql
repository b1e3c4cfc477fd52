-- What a read makes of series: what is kept of each, and when it takes time. conflict where somebody else has the job's
-- lease by now, or nobody, or what was put aside is lost; it lasts :lease from here on.
WITH
\ir ../fragments/leased.sql
,
series AS (
  INSERT INTO calendar_read_series (organization_id, sync_id, reader, series_key, body, event_keys, unknown_from, version,
                                    owed, stays)
  SELECT :organization_id, :sync::bigint, :reader, key, body, events, unknown_from, version, owed, owed IS NOT NULL AND body IS NULL
  FROM leased,
    jsonb_to_recordset(:series::jsonb) AS one (key text, body text, events text[], unknown_from timestamptz,
                                                  version text, owed text)
),
intervals AS (
  INSERT INTO calendar_read_intervals (organization_id, sync_id, reader, series_key, kind, starts_at, ends_at, uid_hash)
  SELECT :organization_id, :sync, :reader, key, kind, to_timestamp(starts), to_timestamp(ends), hashtextextended(uid, 0)
  FROM leased,
    jsonb_to_recordset(:intervals::jsonb) AS one (key text, uid text, kind text, starts bigint, ends bigint)
)
SELECT calint_require(EXISTS (SELECT FROM leased) AND
  \ir ../fragments/begun.sql
);
