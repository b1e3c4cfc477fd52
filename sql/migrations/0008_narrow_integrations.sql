-- What stands in the refresh's row of calendar_jobs, with its indexes.
ALTER TABLE calendar_integrations
  DROP COLUMN refresh_due_at,
  DROP COLUMN refresh_attempts;
