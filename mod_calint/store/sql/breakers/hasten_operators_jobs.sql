-- What was put off because the operator had to mend something is due within a while.
UPDATE calendar_jobs
SET due_at = now() + random() * :spread::interval
WHERE last_error = 'operator'
  AND given_up_at IS NULL
  AND due_at > now() + :spread
  AND (lease_until IS NULL OR lease_until < now());
