-- Due times, attempts and leases of all background work stand in calendar_jobs, whose rows are narrow; a refresh's stays
-- as long as its integration, so that a claim changes nothing that an index has, and the wide row is written without its
-- indexes.

-- subject: which of its integration's, where a kind has several, such as a calendar. lane: who can do it, see
-- calint_lane(). retry_at: when an attempt that was never ended is repeated, where that is after its lease. Which kinds
-- there are is known where they are worked on.
ALTER TABLE calendar_jobs
  DROP CONSTRAINT calendar_jobs_kind_check,
  ADD COLUMN subject  text NOT NULL DEFAULT '',
  ADD COLUMN lane     text NOT NULL DEFAULT '',
  ADD COLUMN retry_at timestamptz,
  SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE calendar_integrations SET (fillfactor = 70);

-- What a node must have to do a job: the provider, and where it is the server's OAuth client, that one. Whoever writes
-- a job's provider has its lane made anew.
CREATE FUNCTION calint_lane() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.lane := NEW.provider || coalesce(
    (SELECT '/' || c.id
     FROM calendar_integrations i
     JOIN calendar_oauth_clients c ON c.organization_id = '' AND c.id = i.oauth_client_id
     WHERE NEW.kind <> 'revoke'
       AND i.organization_id = NEW.organization_id
       AND i.id = NEW.integration_id),
    '');
  RETURN NEW;
END
$$;
CREATE TRIGGER calint_lane BEFORE INSERT OR UPDATE OF provider ON calendar_jobs
  FOR EACH ROW EXECUTE FUNCTION calint_lane();
UPDATE calendar_jobs SET provider = provider WHERE given_up_at IS NULL;

-- There are few rows yet: no index takes long.
DROP INDEX calendar_jobs_one_live;
CREATE UNIQUE INDEX calendar_jobs_one_live
  ON calendar_jobs (organization_id, integration_id, kind, subject)
  WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke';
DROP INDEX calendar_jobs_due;
DROP INDEX calendar_jobs_due_by_organization;
CREATE INDEX calendar_jobs_due ON calendar_jobs (kind, lane, due_at) WHERE given_up_at IS NULL;
CREATE INDEX calendar_jobs_due_by_organization ON calendar_jobs (kind, lane, organization_id, due_at)
  WHERE given_up_at IS NULL;
-- Live jobs of an integration are found by that.
DROP INDEX calendar_jobs_user;
CREATE INDEX calendar_jobs_user ON calendar_jobs (organization_id, user_id, kind)
  WHERE kind = 'revoke' OR given_up_at IS NOT NULL;
