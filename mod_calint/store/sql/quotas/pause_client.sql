-- An OAuth client's provider asked for less: there are no requests for a while, for twice as long as the last time where
-- that was a moment ago. No row where there are none already.
INSERT INTO calendar_quotas AS q (
  organization_id, provider, client_id, requests, counted_at, granted, paused_until, pause)
SELECT :organization_id, :provider, :client_id, 0, now() + next.pause, 0, now() + next.pause, next.pause
FROM (
  SELECT coalesce(
    (SELECT least(2 * pause, :longest::interval)
     FROM calendar_quotas
     WHERE organization_id = :organization_id
       AND provider = :provider
       AND client_id = :client_id
       AND paused_until > now() - :longest),
    :first::interval) AS pause
) next
ON CONFLICT (organization_id, provider, client_id) DO UPDATE
SET requests = least(q.requests, 0),
    counted_at = excluded.counted_at,
    paused_until = excluded.paused_until,
    pause = excluded.pause
WHERE q.paused_until IS NULL
  OR q.paused_until <= now()
RETURNING extract(epoch FROM pause)::bigint AS seconds;
