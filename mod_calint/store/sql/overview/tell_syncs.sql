-- The ticked calendars of each provider, as a JSON array: how many are due, fail, and were never read, and when the one
-- was read whose time is longest ago. Those of connections that don't work wait, and are counted with the others.
SELECT coalesce(json_agg(syncs ORDER BY provider), '[]') AS syncs
FROM (
  SELECT
    i.provider,
    count(*) AS calendars,
    count(*) FILTER (WHERE j.due_at <= now() AND (lease_until IS NULL OR lease_until <= now())) AS due,
    count(*) FILTER (WHERE trouble IS NOT NULL) AS in_trouble,
    count(*) FILTER (WHERE s.last_synced_at IS NULL) AS never_read,
    to_char(min(s.last_synced_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS oldest
  FROM calendar_syncs s
  JOIN calendar_integrations i
    ON i.organization_id = s.organization_id
    AND i.id = s.integration_id
  LEFT JOIN calendar_jobs j
    ON j.organization_id = s.organization_id
    AND j.integration_id = s.integration_id
    AND j.kind = 'sync'
    AND j.subject = s.calendar_id
    AND j.given_up_at IS NULL
  GROUP BY i.provider
) syncs;
