-- What waited for a breaker that is closed is due within its spread, in its usual lane. In a lane that isn't the
-- breaker's own what became due since waited for nothing.
UPDATE calendar_jobs j
SET provider = j.provider,
    due_at = greatest(j.due_at, now() + random() * waiting.spread)
FROM (
  SELECT w.organization_id, w.id, b.spread
  FROM calendar_breakers b
  JOIN calendar_jobs w
    ON w.kind = ANY (b.kinds)
    AND w.lane = b.lane
    AND w.given_up_at IS NULL
    AND w.due_at <= CASE WHEN b.lane LIKE '!%' THEN 'infinity' ELSE b.closed_at END
  WHERE b.organization_id = :organization_id
    AND b.subject = :subject
    AND b.closed_at IS NOT NULL
  LIMIT :most::integer
  FOR UPDATE OF w
) waiting
WHERE j.organization_id = waiting.organization_id
  AND j.id = waiting.id;
