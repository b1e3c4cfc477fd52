-- Background work: claims that are fair between organisations, and what is done once per installation.

-- Refreshes that were begun since the last one that worked. What is expired waits for its user, not for the worker.
ALTER TABLE calendar_integrations ADD COLUMN refresh_attempts integer NOT NULL DEFAULT 0;
DROP INDEX calendar_integrations_refresh_due;
CREATE INDEX calendar_integrations_refresh_due ON calendar_integrations (refresh_due_at)
  WHERE active AND status <> 'expired' AND refresh_due_at IS NOT NULL;
CREATE INDEX calendar_integrations_refresh_by_organization ON calendar_integrations (organization_id, refresh_due_at)
  WHERE active AND status <> 'expired' AND refresh_due_at IS NOT NULL;
-- Inactive rows that still name an account.
CREATE INDEX calendar_integrations_to_forget ON calendar_integrations (disconnected_at)
  WHERE NOT active AND account IS NOT NULL;

DROP INDEX calendar_jobs_due;
CREATE INDEX calendar_jobs_due ON calendar_jobs (kind, due_at) WHERE given_up_at IS NULL;
CREATE INDEX calendar_jobs_due_by_organization ON calendar_jobs (kind, organization_id, due_at)
  WHERE given_up_at IS NULL;
CREATE INDEX calendar_jobs_deadline ON calendar_jobs (deadline_at) WHERE given_up_at IS NULL AND deadline_at IS NOT NULL;

-- Whether a NOTIFY has told of the change.
ALTER TABLE calendar_changes ADD COLUMN announced boolean NOT NULL DEFAULT false;
CREATE INDEX calendar_changes_new ON calendar_changes (organization_id, id) WHERE NOT announced;

-- What one node does for all of them, when it is due next. organization_id is always '': the table belongs to the
-- installation.
CREATE TABLE calendar_chores (
  organization_id text        NOT NULL DEFAULT '',
  chore           text        NOT NULL,
  due_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, chore)
);
INSERT INTO calendar_chores (chore) VALUES ('retention'), ('leavers'), ('announcement');

-- How long a claim keeps others away, and so when an attempt is repeated that nobody tells of any more: `first` seconds
-- doubling with every attempt before up to `most`, give or take a quarter, so that what failed together doesn't come
-- back together.
CREATE FUNCTION calint_backoff(attempts integer, first bigint, most bigint) RETURNS interval LANGUAGE sql VOLATILE AS $$
  SELECT make_interval(secs => least(most, first * 2 ^ least(attempts, 20)) * (0.75 + random() / 2))
$$;
