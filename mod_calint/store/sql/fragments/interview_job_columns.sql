-- Of "job": whose lease the caller has, if anybody's.
(SELECT id FROM job WHERE lease_owner = :owner) AS job,
(SELECT due_at FROM job) AS job_due_at
