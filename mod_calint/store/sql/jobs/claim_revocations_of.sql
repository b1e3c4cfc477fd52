-- Claims revocations of a user who asks for them, due or not.
WITH taken AS (
  SELECT organization_id AS o, id AS i
  FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND user_id = :user_id
    AND kind = 'revoke'
    AND given_up_at IS NULL
    AND (lease_until IS NULL OR lease_until < now())
  ORDER BY due_at
  LIMIT :most::integer
  FOR UPDATE SKIP LOCKED
)
UPDATE calendar_jobs j
SET lease_owner = :owner,
    lease_until = now() + :lease::interval,
    retry_at = now() + calint_backoff(attempts, :first_pause::bigint, :longest_pause::bigint),
    attempts = attempts + 1
FROM taken
WHERE organization_id = o
  AND id = i
RETURNING
  j.id AS job,
  j.organization_id AS job_organization,
  j.integration_id AS job_integration,
  j.subject AS job_subject,
  j.attempts AS job_attempts,
  j.due_at AS job_due_at,
  \ir ../fragments/revocation_columns.sql
;
