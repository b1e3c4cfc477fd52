-- Opens a breaker, or keeps it open: nobody probes for a while.
INSERT INTO calendar_breakers AS known (organization_id, subject, provider, kinds, lane, name, mark, reason, probe_at)
SELECT
  organization_id, subject, provider, :kinds::text[], :lane, :name,
  coalesce(
    :mark,
    \ir ../fragments/own_mark.sql
    ,
    ''),
  :reason, now() + :pause::interval
FROM (VALUES (:organization_id, :subject, :provider)) AS b (organization_id, subject, provider)
ON CONFLICT (organization_id, subject) DO UPDATE
SET mark = excluded.mark,
    reason = excluded.reason,
    opened_at = CASE WHEN known.closed_at IS NULL THEN known.opened_at ELSE now() END,
    probe_at = excluded.probe_at,
    closed_at = NULL;
