-- The module's own tables. ATS ids are text without foreign keys: calint_users may be a view or a
-- foreign table. Every primary and unique key starts with organization_id, so that the tables can be
-- distributed or partitioned by it.

-- OAuth clients that integrations were made with. organization_id '' means the server's own client,
-- whose secret stays in httpd's configuration; secret_encrypted is for an organisation's client.
CREATE TABLE calendar_oauth_clients (
  organization_id  text        NOT NULL DEFAULT '',
  id               bigint      GENERATED ALWAYS AS IDENTITY,
  provider         text        NOT NULL CHECK (provider IN ('google', 'outlook', 'apple')),
  client_id        text        NOT NULL,
  version          integer     NOT NULL DEFAULT 1,
  secret_encrypted bytea,
  seal_id          text        NOT NULL DEFAULT '',
  active           boolean     NOT NULL DEFAULT true,
  created_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, provider, client_id, version)
);

-- One row per connection of a user to a provider account. seal_id changes with every write of the
-- token columns: it is in their associated data, and it is what a refresh compares before it swaps.
-- generation changes whenever the connection itself does (reconnect, disconnect): what was begun
-- under an older generation must not be written.
CREATE TABLE calendar_integrations (
  organization_id         text        NOT NULL,
  id                      bigint      GENERATED ALWAYS AS IDENTITY,
  user_id                 text        NOT NULL,
  provider                text        NOT NULL CHECK (provider IN ('google', 'outlook', 'apple')),
  account                 text,
  account_key             text        NOT NULL,
  oauth_client_id         bigint,
  access_token_encrypted  bytea,
  refresh_token_encrypted bytea,
  token_expires_at        timestamptz,
  scopes                  text,
  calendar_id             text,
  seal_id                 text        NOT NULL,
  generation              bigint      NOT NULL DEFAULT 1,
  active                  boolean     NOT NULL DEFAULT true,
  status                  text        NOT NULL CHECK (status IN ('connected', 'inactive', 'expired', 'error')),
  last_error              text,
  error_since             timestamptz,
  connected_at            timestamptz,
  last_synced_at          timestamptz,
  refresh_due_at          timestamptz,
  disconnected_at         timestamptz,
  created_at              timestamptz NOT NULL DEFAULT now(),
  updated_at              timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT calendar_integrations_inactive_has_no_tokens CHECK
    (active OR (access_token_encrypted IS NULL AND refresh_token_encrypted IS NULL)),
  CONSTRAINT calendar_integrations_active_is_not_inactive CHECK (active = (status <> 'inactive'))
);
-- BR-455.1: a user has one active integration at a time.
CREATE UNIQUE INDEX calendar_integrations_one_active
  ON calendar_integrations (organization_id, user_id) WHERE active;
-- Who else holds a grant of this account (asked before a revocation).
CREATE INDEX calendar_integrations_account ON calendar_integrations (account_key) WHERE active;
CREATE INDEX calendar_integrations_refresh_due
  ON calendar_integrations (refresh_due_at) WHERE active AND refresh_due_at IS NOT NULL;

-- What one provider account granted to one OAuth client; connect and revoke lock the row.
-- organization_id is the OAuth client's ('' for the server's): a grant at the server's client may be
-- held by integrations of several organisations.
CREATE TABLE calendar_grants (
  organization_id text        NOT NULL DEFAULT '',
  account_key     text        NOT NULL,
  generation      bigint      NOT NULL DEFAULT 1,
  revoking_until  timestamptz,
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, account_key)
);

CREATE TABLE calendar_integration_calendars (
  organization_id text    NOT NULL,
  integration_id  bigint  NOT NULL,
  calendar_id     text    NOT NULL,
  name            text    NOT NULL,
  time_zone       text,
  color           text,
  access_role     text    NOT NULL,
  is_primary      boolean NOT NULL DEFAULT false,
  can_write       boolean NOT NULL DEFAULT false,
  sync            boolean NOT NULL DEFAULT false,
  gone_since      timestamptz,
  listed_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, integration_id, calendar_id),
  FOREIGN KEY (organization_id, integration_id)
    REFERENCES calendar_integrations (organization_id, id) ON DELETE CASCADE
);

-- Background work. A live job is one that isn't given up; per integration and kind there is one at
-- most. Whoever works on it holds lease_owner until lease_until.
CREATE TABLE calendar_jobs (
  organization_id       text        NOT NULL,
  id                    bigint      GENERATED ALWAYS AS IDENTITY,
  kind                  text        NOT NULL CHECK (kind IN ('validate', 'refresh', 'revoke')),
  integration_id        bigint,
  user_id               text        NOT NULL,
  provider              text        NOT NULL CHECK (provider IN ('google', 'outlook', 'apple')),
  -- A revocation's own sealed copy of the token, and the grant that it ends.
  token_encrypted       bytea,
  seal_id               text        NOT NULL DEFAULT '',
  grant_organization_id text,
  account_key           text,
  grant_generation      bigint,
  due_at                timestamptz NOT NULL DEFAULT now(),
  deadline_at           timestamptz,
  attempts              integer     NOT NULL DEFAULT 0,
  lease_owner           text,
  lease_until           timestamptz,
  last_error            text,
  given_up_at           timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);
-- A revocation belongs to a grant, not to an integration: several losers of one race may wait at once.
CREATE UNIQUE INDEX calendar_jobs_one_live
  ON calendar_jobs (organization_id, integration_id, kind)
  WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke';
CREATE INDEX calendar_jobs_due ON calendar_jobs (due_at) WHERE given_up_at IS NULL;
CREATE INDEX calendar_jobs_grant ON calendar_jobs (account_key) WHERE kind = 'revoke' AND given_up_at IS NULL;
CREATE INDEX calendar_jobs_user ON calendar_jobs (organization_id, user_id, kind);
CREATE INDEX calendar_jobs_given_up ON calendar_jobs (given_up_at) WHERE given_up_at IS NOT NULL;

-- What the ATS should hear of, in order of id; kept for 7 days.
CREATE TABLE calendar_changes (
  organization_id text        NOT NULL,
  id              bigint      GENERATED ALWAYS AS IDENTITY,
  user_id         text        NOT NULL,
  integration_id  bigint,
  change          text        NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX calendar_changes_age ON calendar_changes (created_at);

-- OAuth flows whose callback was taken up. claim tells whose insert it was when the answer to the
-- insert was lost; outcome is the notice that the flow ended with, null while it runs.
CREATE TABLE calendar_used_states (
  organization_id text        NOT NULL,
  flow_id         text        NOT NULL,
  claim           text        NOT NULL,
  user_id         text        NOT NULL,
  outcome         text,
  integration_id  bigint,
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz NOT NULL,
  PRIMARY KEY (organization_id, flow_id)
);
CREATE INDEX calendar_used_states_expiry ON calendar_used_states (expires_at);

-- Nodes that share this database, so that a key is promoted only when each of them can read it.
-- organization_id is always '': the table belongs to the installation.
CREATE TABLE calendar_nodes (
  organization_id text        NOT NULL DEFAULT '',
  node_id         text        NOT NULL,
  key_ids         text[]      NOT NULL,
  version         text        NOT NULL,
  seen_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, node_id)
);

CREATE TABLE calendar_organization_settings (
  organization_id text        NOT NULL PRIMARY KEY,
  providers       text[]      NOT NULL DEFAULT '{google,outlook,apple}',
  updated_at      timestamptz NOT NULL DEFAULT now()
);

-- Ends the transaction where something changed meanwhile. Statements go out as one pipeline, so the
-- condition has to be judged by the server; 40001 is what PostgreSQL itself says for "plan again".
CREATE FUNCTION calint_require(condition boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF condition IS NOT TRUE THEN
    RAISE EXCEPTION 'changed meanwhile' USING ERRCODE = '40001';
  END IF;
END
$$;
