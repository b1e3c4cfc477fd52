-- A new version of an organisation's OAuth client. conflict unless it follows the latest.
WITH added AS (
  INSERT INTO calendar_oauth_clients (organization_id, provider, client_id, version, tenant, secret_encrypted, seal_id)
  SELECT :organization_id, :provider, :client_id, :version::integer, :tenant, :secret::bytea, :seal_id
  WHERE :version = 1 + coalesce(
    (SELECT max(version)
     FROM calendar_oauth_clients
     WHERE organization_id = :organization_id
       AND provider = :provider),
    0)
  RETURNING id
)
SELECT calint_require(EXISTS (SELECT FROM added));
