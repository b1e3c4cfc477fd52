-- Background work is looked for and claimed by provider, so that one that hangs holds up no other.

DROP INDEX calendar_integrations_refresh_due;
DROP INDEX calendar_integrations_refresh_by_organization;
CREATE INDEX calendar_integrations_refresh_due ON calendar_integrations (provider, refresh_due_at)
  WHERE active AND status <> 'expired' AND refresh_due_at IS NOT NULL;
CREATE INDEX calendar_integrations_refresh_by_organization
  ON calendar_integrations (provider, organization_id, refresh_due_at)
  WHERE active AND status <> 'expired' AND refresh_due_at IS NOT NULL;

DROP INDEX calendar_jobs_due;
DROP INDEX calendar_jobs_due_by_organization;
-- The row of a refresh is its lease, found by its integration.
CREATE INDEX calendar_jobs_due ON calendar_jobs (kind, provider, due_at)
  WHERE given_up_at IS NULL AND kind <> 'refresh';
CREATE INDEX calendar_jobs_due_by_organization ON calendar_jobs (kind, provider, organization_id, due_at)
  WHERE given_up_at IS NULL AND kind <> 'refresh';
