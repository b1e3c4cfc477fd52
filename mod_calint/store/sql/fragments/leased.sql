-- The lease of a job that a read works on, which lasts :lease from here on. For WITH.
leased AS (
  UPDATE calendar_jobs
  SET lease_until = greatest(lease_until, now() + :lease::interval)
  WHERE organization_id = :organization_id
    AND id = :job::bigint
    AND lease_owner = :reader
    AND lease_until > now()
  RETURNING id
)
