-- Who a login is, with what is connected and what the organisation offers; two rows where it is several people. Of the
-- organisation's own OAuth clients the one for the provider that is asked for. An organisation that is NULL is ''.
SELECT
  u.id AS u_id,
  coalesce(u.organization_id::text, '') AS u_organization,
  u.login,
  u.email,
  u.name,
  u.time_zone,
  coalesce(u.is_admin, false) AS is_admin,
  coalesce(u.is_interviewer, false) AS is_interviewer,
  coalesce(u.is_scheduler, false) AS is_scheduler,
  ',' || array_to_string(o.providers, ',') || ',' AS offered,
  own.id AS own_row,
  own.client_id AS own_id,
  own.version AS own_version,
  own.tenant AS own_tenant,
  own.secret_encrypted AS own_secret,
  own.seal_id AS own_seal,
  \ir ../fragments/integration_columns.sql
FROM calint_users u
LEFT JOIN calendar_integrations i
  ON i.organization_id = coalesce(u.organization_id::text, '')
  AND i.user_id = u.id::text
  AND i.active
\ir ../fragments/integration_client.sql
LEFT JOIN calendar_organization_settings o
  ON o.organization_id = coalesce(u.organization_id::text, '')
LEFT JOIN calendar_oauth_clients own
  ON own.organization_id = coalesce(u.organization_id::text, '')
  AND own.organization_id <> ''
  AND own.provider = :provider
  AND own.active
WHERE u.login = :login
  AND u.active
  AND (:any_organization::boolean OR coalesce(u.organization_id::text, '') = :organization)
LIMIT 2;
