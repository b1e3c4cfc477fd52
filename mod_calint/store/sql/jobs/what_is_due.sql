-- A row for each kind in each lane that has something to come and isn't held, with when, and one for each chore that is
-- due.
SELECT
  kind,
  lane,
  due_at <= now() AS is_due,
  greatest(0, 1000 * extract(epoch FROM least(due_at, now() + interval '1 hour') - now()))::bigint AS next
FROM unnest(:kinds::text[]) AS k (kind),
  unnest(:lanes::text[]) AS l (lane),
  LATERAL (
    SELECT due_at
    FROM calendar_jobs j
    WHERE j.kind = k.kind
      AND j.lane = l.lane
      AND given_up_at IS NULL
      AND (lease_until IS NULL OR greatest(lease_until, retry_at) < now())
    ORDER BY due_at
    LIMIT 1
  ) first
WHERE (kind, lane) NOT IN (SELECT * FROM unnest(:held_kinds::text[], :held_lanes::text[]))
UNION ALL
SELECT chore, NULL, true, NULL
FROM calendar_chores
WHERE organization_id = ''
  AND due_at <= now();
