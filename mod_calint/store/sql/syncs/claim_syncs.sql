-- Claims syncs, each with its integration and with its calendar as they are now, and takes a request of its OAuth client's
-- quota for each; quota_wait: in how many seconds there may be one again, where there was none. A row without a job where
-- there is none.
WITH RECURSIVE
\ir ../fragments/claimed.sql
,
asked AS (
  SELECT
    j.organization_id AS o,
    j.id AS i,
    c.organization_id AS of,
    c.provider AS at,
    c.client_id AS name,
    per_minute::double precision / 6 AS most,
    row_number() OVER (PARTITION BY c.organization_id, c.provider, c.client_id ORDER BY j.due_at, j.id) AS place
  FROM claimed j
  JOIN calendar_integrations i
    ON i.organization_id = j.organization_id
    AND i.id = j.integration_id
    AND i.active
  JOIN calendar_oauth_clients c
    ON c.id = i.oauth_client_id
    AND c.organization_id IN ('', i.organization_id)
  JOIN unnest(:providers::text[], :per_minute::text[]) AS quota (provider, per_minute)
    ON quota.provider = c.provider
),
quota AS (
  INSERT INTO calendar_quotas AS q (organization_id, provider, client_id, requests, counted_at, granted)
  SELECT of, at, name, most - least(count(*), most), now(), least(count(*), most)
  FROM asked
  GROUP BY of, at, name, most
  ORDER BY of, at, name
  ON CONFLICT (organization_id, provider, client_id) DO UPDATE
  SET granted = least(excluded.granted, greatest(0, floor(
        \ir ../fragments/requests_left.sql
      ))),
      requests =
        \ir ../fragments/requests_left.sql
        - least(excluded.granted, greatest(0, floor(
        \ir ../fragments/requests_left.sql
      ))),
      counted_at = greatest(q.counted_at, now())
  RETURNING q.organization_id, q.provider, q.client_id, granted, counted_at
)
SELECT
  \ir ../fragments/claimed_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
  ,
  s.id AS sync_id,
  s.last_synced_at AS sync_last,
  s.tried_at,
  s.trouble,
  s.known_from, s.known_until, s.evaluator, s.zone, s.full_read_at, s.asked_at,
  s.cursor,
  EXISTS (
    SELECT
    FROM calendar_series o
    WHERE o.organization_id = s.organization_id
      AND o.sync_id = s.id
      AND o.owed <> '') AS owes,
  coalesce(
    nullif(k.time_zone, ''),
    (SELECT p.time_zone
     FROM calendar_integration_calendars p
     WHERE p.organization_id = k.organization_id
       AND p.integration_id = k.integration_id
       AND p.is_primary
     LIMIT 1)) AS calendar_zone,
  k.owner AS calendar_owner,
  CASE WHEN a.place > q.granted THEN ceil(extract(epoch FROM greatest(q.counted_at, now()) - now()))::bigint END AS quota_wait
\ir ../fragments/claimed_integration.sql
LEFT JOIN calendar_syncs s
  ON s.organization_id = j.organization_id
  AND s.integration_id = j.integration_id
  AND s.calendar_id = j.subject
LEFT JOIN calendar_integration_calendars k
  ON k.organization_id = j.organization_id
  AND k.integration_id = j.integration_id
  AND k.calendar_id = j.subject
LEFT JOIN asked a
  ON a.o = j.organization_id
  AND a.i = j.id
LEFT JOIN quota q
  ON q.organization_id = a.of
  AND q.provider = a.at
  AND q.client_id = a.name;
