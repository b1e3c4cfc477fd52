-- An OAuth client's, of "calendar_oauth_clients c": what client_from() reads.
c.id AS client_row,
c.organization_id AS client_organization,
c.provider AS client_provider,
c.client_id,
c.version AS client_version,
c.tenant AS client_tenant,
c.secret_encrypted AS client_secret,
c.seal_id AS client_seal
