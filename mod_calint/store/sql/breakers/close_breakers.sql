-- Closes a breaker, or all, and tells how many jobs waited and over which time they will be due.
UPDATE calendar_breakers b
SET closed_at = now(),
    spread = least(make_interval(secs => waiting.number / :per_second::bigint), :longest::interval)
FROM (
  SELECT
    organization_id, subject,
    (SELECT count(*)
     FROM calendar_jobs j
     WHERE j.kind = ANY (a.kinds)
       AND j.lane = a.lane
       AND j.given_up_at IS NULL
       AND j.due_at <= now()) AS number
  FROM calendar_breakers a
  WHERE :subject::text IS NULL
    OR organization_id = :organization_id AND subject = :subject
) waiting
WHERE b.organization_id = waiting.organization_id
  AND b.subject = waiting.subject
  AND b.closed_at IS NULL
RETURNING b.name, waiting.number, extract(epoch FROM b.spread)::bigint AS seconds;
