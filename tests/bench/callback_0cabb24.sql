-- What a callback of the commit 0cabb24 sent, over its schema (sql/migrations/0001 to 0004): three durable commits. What
-- later commits are measured against; former.py runs it. Not to be kept up to date.
--
-- \set user, first, each and n are the caller's. Constants of all transactions, but for the sealed tokens (:access_token
-- and :refresh_token, as long as the real ones):
-- :organization = 1
-- :provider = google
-- :client = 1234567890-example.apps.googleusercontent.com
-- :account = avery@example.com
-- :scopes = email https://www.googleapis.com/auth/calendar.calendarlist.readonly https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.freebusy openid
-- :error = error
-- :connected = connected
-- :failed = validation_failed
-- :metadata = {"provider": "google"}
-- :address = 127.0.0.1
-- :agent = python-requests/2.28.1
-- :milliseconds = 3996
-- :later = 2036-11-30 14:28:25.615566+00
-- :calendars = [{"name": "Avery", "color": "#9fe1e7", "owner": "", "shared": false, "can_write": true, "time_zone": "Europe/Berlin", "is_primary": true, "access_role": "owner", "calendar_id": "avery@example.com"}, {"name": "Interviews", "color": "#16a765", "owner": "", "shared": true, "can_write": true, "time_zone": "Europe/Berlin", "is_primary": false, "access_role": "writer", "calendar_id": "c_0123456789@group.calendar.google.com"}, {"name": "Jordan", "color": "#fad165", "owner": "jordan@example.com", "shared": true, "can_write": false, "time_zone": "Europe/Berlin", "is_primary": false, "access_role": "freeBusyReader", "calendar_id": "jordan@example.com"}]
\set n :n + 1
\set user :first + :client_id * :each + :n
\set flow random(1, 9000000000000000000)
\set claim random(1, 9000000000000000000)
\set account_key random(1, 9000000000000000000)
\set seal random(1, 9000000000000000000)
SELECT u.id AS u_id, u.organization_id AS u_organization, u.login, u.email, u.name, u.time_zone, u.is_admin,
  u.is_interviewer, o.providers @> '{google}' AS google, o.providers @> '{outlook}' AS outlook, o.providers @>
  '{apple}' AS apple, own.id AS own_row, own.client_id AS own_id, own.version AS own_version, own.tenant AS
  own_tenant, own.secret_encrypted AS own_secret, own.seal_id AS own_seal, i.id, i.organization_id AS
  integration_organization, i.user_id, i.provider, i.account, i.account_key, c.id AS client_row, c.organization_id AS
  client_organization, c.provider AS client_provider, c.client_id, c.version AS client_version, c.tenant AS
  client_tenant, c.secret_encrypted AS client_secret, c.seal_id AS client_seal, i.access_token_encrypted,
  i.refresh_token_encrypted, i.token_expires_at, i.seal_id, i.generation, i.status, i.last_error, i.error_since,
  i.connected_at, i.last_synced_at, i.calendar_id, i.calendar_home FROM calint_users u LEFT JOIN
  calendar_integrations i ON i.organization_id = u.organization_id AND i.user_id = u.id AND i.active LEFT JOIN
  calendar_oauth_clients c ON c.id = i.oauth_client_id AND c.organization_id IN ('', i.organization_id) LEFT JOIN
  calendar_organization_settings o ON o.organization_id = u.organization_id LEFT JOIN calendar_oauth_clients own ON
  own.organization_id = u.organization_id AND own.organization_id <> '' AND own.provider = :provider AND own.active
  WHERE u.login = :user AND u.active AND (NULL::text IS NULL OR u.organization_id = NULL) LIMIT 2;
INSERT INTO calendar_used_states (organization_id, flow_id, claim, user_id, expires_at) VALUES (:organization, :flow,
  :claim, :user, :later) ON CONFLICT DO NOTHING;
\startpipeline
BEGIN;
SELECT set_config('statement_timeout', :milliseconds, true);
SELECT pg_advisory_xact_lock(hashtextextended(:organization || chr(31) || :user, 455));
INSERT INTO calendar_oauth_clients (organization_id, provider, client_id) SELECT '', :provider, :client WHERE :client
  <> '' AND '' = '' AND NOT EXISTS (SELECT FROM calendar_oauth_clients WHERE organization_id = '' AND provider =
  :provider AND client_id = :client) ON CONFLICT DO NOTHING;
WITH held AS (INSERT INTO calendar_grants AS g (organization_id, account_key) VALUES ('', :account_key) ON CONFLICT
  (organization_id, account_key) DO UPDATE SET generation = g.generation + 1, updated_at = now() WHERE
  g.revoking_until IS NULL OR g.revoking_until < now() RETURNING g.generation) SELECT calint_require(EXISTS (SELECT
  FROM held));
WITH cancelled AS (DELETE FROM calendar_jobs WHERE kind = 'revoke' AND account_key = :account_key AND given_up_at IS
  NULL AND (lease_until IS NULL OR lease_until < now()) RETURNING organization_id, integration_id, user_id, provider)
  SELECT calint_audit(organization_id, user_id, 'calendar_integration.revocation_abandoned', 'CalendarIntegration',
  coalesce(integration_id, 0)::text, jsonb_build_object('provider', provider, 'reason', 'granted_again',
  'subject_user_id', user_id), NULL, NULL) FROM cancelled;
WITH added AS (INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key,
  oauth_client_id, access_token_encrypted, refresh_token_encrypted, token_expires_at, scopes, seal_id, status,
  last_error, error_since, connected_at, refresh_due_at, calendar_home) VALUES (:organization, :user, :provider,
  :account, :account_key, coalesce(nullif(0::bigint, 0), (SELECT id FROM calendar_oauth_clients WHERE organization_id
  = '' AND provider = :provider AND client_id = :client ORDER BY version DESC LIMIT 1)), :access_token,
  :refresh_token, :later, :scopes, :seal, :error, CASE WHEN :error = 'error' THEN 'not_validated' END, CASE WHEN
  :error = 'error' THEN now() END, now(), :later, nullif('', '')) RETURNING id), job AS (INSERT INTO calendar_jobs
  (organization_id, kind, integration_id, user_id, provider, due_at) SELECT :organization, 'validate', id, :user,
  :provider, now() + interval '1 minute' FROM added WHERE true), change AS (INSERT INTO calendar_changes
  (organization_id, user_id, integration_id, change) SELECT :organization, :user, id, :connected FROM added), flow AS
  (UPDATE calendar_used_states SET outcome = :failed, integration_id = (SELECT id FROM added) WHERE organization_id =
  :organization AND flow_id = :flow) SELECT id, calint_audit(:organization, :user, 'calendar_integration.' ||
  :connected, 'CalendarIntegration', id::text, :metadata::jsonb, nullif(:address, ''), nullif(:agent, '')) FROM added;
COMMIT;
\endpipeline
\startpipeline
BEGIN;
SELECT set_config('statement_timeout', :milliseconds, true);
WITH ok AS (UPDATE calendar_integrations SET status = 'connected', last_error = NULL, error_since = NULL, calendar_id
  = coalesce(calendar_id, nullif(:account, '')), calendar_home = nullif('', ''), updated_at = now() WHERE
  organization_id = :organization AND id = (SELECT id FROM calendar_integrations WHERE organization_id =
  :organization AND user_id = :user AND active) AND generation = 1 AND active RETURNING id, user_id, provider), job
  AS (DELETE FROM calendar_jobs WHERE organization_id = :organization AND user_id = (SELECT user_id FROM ok) AND kind
  = 'validate' AND integration_id = (SELECT id FROM ok)), change AS (INSERT INTO calendar_changes (organization_id,
  user_id, integration_id, change) SELECT :organization, user_id, id, 'validated' FROM ok), flow AS (UPDATE
  calendar_used_states SET outcome = :connected WHERE organization_id = :organization AND flow_id = :flow), checked
  AS (SELECT calint_require(EXISTS (SELECT FROM ok))) SELECT CASE WHEN false THEN calint_audit(:organization,
  nullif(:user, ''), 'calendar_integration.validated', 'CalendarIntegration', id::text,
  jsonb_build_object('provider', provider), nullif(:address, ''), nullif(:agent, '')) END FROM checked LEFT JOIN ok
  ON true;
WITH listed AS (SELECT * FROM jsonb_to_recordset(:calendars::jsonb) AS c(calendar_id text, name text, time_zone text,
  color text, access_role text, owner text, shared boolean, is_primary boolean, can_write boolean)), missing AS
  (UPDATE calendar_integration_calendars SET gone_since = coalesce(gone_since, now()), listed_at = now() WHERE
  organization_id = :organization AND integration_id = (SELECT id FROM calendar_integrations WHERE organization_id =
  :organization AND user_id = :user AND active) AND calendar_id NOT IN (SELECT calendar_id FROM listed)) INSERT INTO
  calendar_integration_calendars (organization_id, integration_id, calendar_id, name, time_zone, color, access_role,
  owner, shared, is_primary, can_write, sync) SELECT :organization, (SELECT id FROM calendar_integrations WHERE
  organization_id = :organization AND user_id = :user AND active), calendar_id, name, time_zone, color, access_role,
  nullif(owner, ''), shared, is_primary, can_write, is_primary AND NOT EXISTS (SELECT FROM
  calendar_integration_calendars WHERE organization_id = :organization AND integration_id = (SELECT id FROM
  calendar_integrations WHERE organization_id = :organization AND user_id = :user AND active)) FROM listed ON
  CONFLICT (organization_id, integration_id, calendar_id) DO UPDATE SET name = excluded.name, time_zone =
  excluded.time_zone, color = excluded.color, access_role = excluded.access_role, owner = excluded.owner, shared =
  excluded.shared, is_primary = excluded.is_primary, can_write = excluded.can_write, gone_since = NULL, listed_at =
  now();
COMMIT;
\endpipeline
