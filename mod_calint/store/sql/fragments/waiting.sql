-- Of calendar_jobs: what is due, and nobody works on. What was begun and never ended waits for its lease, and then for
-- retry_at.
given_up_at IS NULL
AND due_at <= now()
AND (lease_until IS NULL OR greatest(lease_until, retry_at) < now())
