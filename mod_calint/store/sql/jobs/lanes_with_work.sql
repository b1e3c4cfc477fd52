-- The lanes in which something of these kinds is due, but for breakers' own, each with the server's OAuth client that
-- it needs: one look into the index for each lane.
SELECT DISTINCT lane, c.client_id
FROM unnest(:kinds::text[]) AS k (kind),
  LATERAL (
    WITH RECURSIVE lanes (lane) AS (
      SELECT min(j.lane)
      FROM calendar_jobs j
      WHERE j.kind = k.kind
        AND given_up_at IS NULL
      UNION ALL
      SELECT (
        SELECT min(j.lane)
        FROM calendar_jobs j
        WHERE j.kind = k.kind
          AND given_up_at IS NULL
          AND j.lane > lanes.lane)
      FROM lanes
      WHERE lane IS NOT NULL
    )
    SELECT lane
    FROM lanes
    WHERE lane NOT LIKE '!%'
      AND EXISTS (
        SELECT
        FROM calendar_jobs j
        WHERE j.kind = k.kind
          AND j.lane = lanes.lane
          AND given_up_at IS NULL
          AND due_at <= now())
  ) with_work
LEFT JOIN calendar_oauth_clients c
  ON c.organization_id = ''
  AND lane = c.provider || '/' || c.id;
