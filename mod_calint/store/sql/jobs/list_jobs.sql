-- Every job as a JSON array. A refresh or a sync that waits is its integration's, not a job that somebody looks for.
SELECT coalesce(json_agg(j ORDER BY j.id), '[]') AS jobs
FROM (
  SELECT
    id, organization_id, kind, provider, user_id, integration_id,
    CASE
      WHEN given_up_at IS NOT NULL THEN 'given_up'
      WHEN lease_until > now() THEN 'running'
      WHEN due_at <= now() THEN 'due'
      ELSE 'waiting' END AS state,
    to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS due_at,
    attempts, last_error
  FROM calendar_jobs
  WHERE kind NOT IN ('refresh', 'sync')
    OR given_up_at IS NOT NULL
    OR lease_until > now()
) j;
