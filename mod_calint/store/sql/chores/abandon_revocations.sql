-- Revocations past their deadline, with their copies of tokens. Those that were never tried, because no node has their
-- provider, a day later.
WITH late AS (
  DELETE FROM calendar_jobs
  WHERE (organization_id, id) IN (
    SELECT organization_id, id
    FROM calendar_jobs
    WHERE deadline_at <= now()
      AND given_up_at IS NULL
      AND kind = 'revoke'
      AND (attempts > 0 OR deadline_at <= now() - interval '1 day')
      AND (lease_until IS NULL OR lease_until < now())
    ORDER BY deadline_at
    LIMIT 1000
    FOR UPDATE SKIP LOCKED)
  RETURNING organization_id, integration_id, user_id, provider
)
SELECT calint_audit(
    organization_id,
    NULL,
    'calendar_integration.revocation_abandoned',
    'CalendarIntegration',
    coalesce(integration_id, 0)::text,
    jsonb_build_object('provider', provider, 'reason', 'past_deadline', 'subject_user_id', user_id),
    NULL,
    NULL)
FROM late;
