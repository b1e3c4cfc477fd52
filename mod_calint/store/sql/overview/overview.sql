-- How an installation stands, as one JSON object of arrays, whose objects have the columns for members. A refresh's row
-- is no job that somebody looks for.
WITH integrations AS (
  SELECT
    provider,
    status,
    count(*) AS count,
    to_char(
      min(error_since) FILTER (WHERE status IN ('error', 'expired')) AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS oldest
  FROM calendar_integrations
  GROUP BY provider, status
),
jobs AS (
  SELECT
    kind,
    provider,
    CASE
      WHEN given_up_at IS NOT NULL THEN 'given_up'
      WHEN lease_until > now() THEN 'running'
      WHEN due_at <= now() THEN 'due'
      ELSE 'waiting'
    END AS state,
    count(*) AS count,
    to_char(min(coalesce(given_up_at, due_at)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS oldest
  FROM calendar_jobs
  WHERE kind <> 'refresh'
  GROUP BY kind, provider, state
),
each_refresh AS (
  SELECT
    i.provider,
    j.lease_until - :lease::interval AS begun,
    j.due_at AS due,
    least(i.error_since, i.updated_at) AS well,
    CASE
      WHEN j.lease_until > now() THEN 'running'
      WHEN j.due_at <= now() THEN 'due'
      WHEN j.attempts > 0 THEN 'failing'
    END AS state
  FROM calendar_jobs j
  JOIN calendar_integrations i
    ON i.organization_id = j.organization_id
    AND i.id = j.integration_id
  WHERE j.kind = 'refresh'
    AND j.given_up_at IS NULL
    AND i.active
    AND i.status <> 'expired'
),
refreshes AS (
  SELECT
    provider,
    state,
    count(*) AS count,
    to_char(
      min(CASE state WHEN 'running' THEN begun WHEN 'due' THEN due ELSE well END) AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS oldest
  FROM each_refresh
  WHERE state IS NOT NULL
  GROUP BY provider, state
),
nodes AS (
  SELECT
    node_id,
    version,
    -- A schema before 11 doesn't know it.
    (to_jsonb(n) ->> 'database_connections')::bigint AS connections,
    to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS seen_at,
    seen_at > now() - interval '1 day' AS is_live
  FROM calendar_nodes n
  WHERE organization_id = ''
),
database AS (
  SELECT
    'nodes' AS of,
    coalesce(sum(connections) FILTER (WHERE is_live), 0)::bigint AS connections
  FROM nodes
  UNION ALL
  SELECT
    'max_connections',
    current_setting('max_connections')::bigint
)
SELECT json_build_object(
  'integrations',
  (SELECT coalesce(json_agg(integrations ORDER BY provider, status), '[]') FROM integrations),
  'jobs',
  (SELECT coalesce(json_agg(jobs ORDER BY kind, provider, state), '[]') FROM jobs),
  'refreshes',
  (SELECT coalesce(json_agg(refreshes ORDER BY provider, state), '[]') FROM refreshes),
  'syncs',
  :syncs::jsonb,
  'breakers',
  :breakers::jsonb,
  'nodes',
  (SELECT coalesce(json_agg(to_jsonb(nodes) - 'is_live' ORDER BY node_id), '[]') FROM nodes),
  'database',
  (SELECT json_agg(database ORDER BY of DESC) FROM database)) AS overview;
