-- The job that tells the provider of "written", which is one interview: the caller has its lease, unless somebody works on
-- it, who then goes on. For WITH.
job AS (
  INSERT INTO calendar_jobs AS j (organization_id, kind, integration_id, subject, user_id, provider,
    lease_owner, lease_until, retry_at, attempts)
  SELECT organization_id, 'interview', integration_id, id, user_id, provider,
    :owner, now() + :lease::interval, now() + :lease, 1
  FROM written
  WHERE unsent <> '{}'
  ON CONFLICT (organization_id, integration_id, kind, subject)
    WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'
  DO UPDATE
  SET due_at = now(),
      lease_owner = CASE WHEN j.lease_until > now() THEN j.lease_owner ELSE excluded.lease_owner END,
      lease_until = CASE WHEN j.lease_until > now() THEN j.lease_until ELSE excluded.lease_until END,
      retry_at = CASE WHEN j.lease_until > now() THEN j.retry_at ELSE excluded.retry_at END,
      attempts = CASE WHEN j.lease_until > now() THEN j.attempts ELSE 1 END
  RETURNING j.id, j.due_at, j.lease_owner
)
