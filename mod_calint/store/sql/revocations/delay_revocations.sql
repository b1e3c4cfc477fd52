-- The revocations of an account that wait don't begin for a while. Waits for a claim that came first.
UPDATE calendar_jobs
SET due_at = greatest(due_at, now() + :span::interval)
WHERE kind = 'revoke'
  AND account_key = :account_key
  AND given_up_at IS NULL;
