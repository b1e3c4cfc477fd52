-- What is held back, as a JSON array.
SELECT coalesce(json_agg(json_build_object(
    'name', name,
    'reason', reason,
    'count', waiting,
    'since', to_char(opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
  ORDER BY opened_at, subject), '[]') AS breakers
FROM calendar_breakers b,
  LATERAL (
    SELECT count(*) AS waiting
    FROM calendar_jobs j
    WHERE j.kind = ANY (b.kinds)
      AND j.lane = b.lane
      AND j.given_up_at IS NULL
      AND j.due_at <= now()
  ) waiting;
