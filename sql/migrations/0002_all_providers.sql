-- Providers without OAuth, calendars as their owners share them, and OAuth clients of organisations.

-- Where a CalDAV account keeps its calendars, as it was found (RFC 4791, 6.2.1); null elsewhere.
ALTER TABLE calendar_integrations ADD COLUMN calendar_home text;
-- Who is connected through a version of an organisation's OAuth client.
CREATE INDEX calendar_integrations_client
  ON calendar_integrations (organization_id, oauth_client_id) WHERE active;

-- owner: whose calendar it is, as the provider names them; null where it is the account's own or nobody says.
ALTER TABLE calendar_integration_calendars
  ADD COLUMN owner  text,
  ADD COLUMN shared boolean NOT NULL DEFAULT false;

-- The tenant that an organisation's own Outlook client belongs to; null: the server's CalIntTenant.
ALTER TABLE calendar_oauth_clients ADD COLUMN tenant text;
-- An organisation has one client per provider that new connections are made with; older versions stay for those who
-- are connected through them.
CREATE UNIQUE INDEX calendar_oauth_clients_one_active
  ON calendar_oauth_clients (organization_id, provider) WHERE active AND organization_id <> '';

-- When a password was tried against a provider: per user, per account and per node, each named by a keyed hash.
-- organization_id is '' for what belongs to the installation. The latest tries only.
CREATE TABLE calendar_password_tries (
  organization_id text          NOT NULL,
  subject         text          NOT NULL,
  tries           timestamptz[] NOT NULL,
  expires_at      timestamptz   NOT NULL,
  PRIMARY KEY (organization_id, subject)
);
CREATE INDEX calendar_password_tries_expiry ON calendar_password_tries (expires_at);
