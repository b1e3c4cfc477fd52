-- A newer grant cancels revocations of its account that nobody works on yet; each is audited as abandoned.
-- Its row differs from that of chores/abandon_revocations in who did it: here the user of the grant, there nobody.
WITH cancelled AS (
  DELETE FROM calendar_jobs
  WHERE kind = 'revoke'
    AND account_key = :account_key
    AND given_up_at IS NULL
    AND (lease_until IS NULL OR lease_until < now())
  RETURNING organization_id, integration_id, user_id, provider
)
SELECT calint_audit(
    organization_id,
    user_id,
    'calendar_integration.revocation_abandoned',
    'CalendarIntegration',
    coalesce(integration_id, 0)::text,
    jsonb_build_object('provider', provider, 'reason', 'granted_again', 'subject_user_id', user_id),
    NULL,
    NULL)
FROM cancelled;
