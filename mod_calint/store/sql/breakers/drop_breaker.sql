-- Nothing waits for it any more.
DELETE FROM calendar_breakers b
WHERE b.organization_id = :organization_id
  AND b.subject = :subject
  AND b.closed_at IS NOT NULL
  AND NOT EXISTS (
    SELECT
    FROM calendar_jobs j
    WHERE j.kind = ANY (b.kinds)
      AND j.lane = b.lane
      AND j.given_up_at IS NULL
      AND j.due_at <= CASE WHEN b.lane LIKE '!%' THEN 'infinity' ELSE b.closed_at END);
