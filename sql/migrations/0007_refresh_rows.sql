-- The row of every refresh there is to come.
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at, attempts)
SELECT organization_id, 'refresh', id, user_id, provider, coalesce(refresh_due_at, now()), refresh_attempts
FROM calendar_integrations
WHERE active
  AND status <> 'expired'
  AND refresh_token_encrypted IS NOT NULL
ON CONFLICT (organization_id, integration_id, kind, subject)
  WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'
DO UPDATE
SET due_at = least(calendar_jobs.due_at, excluded.due_at);
