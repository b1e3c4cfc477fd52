-- Makes the row of the server's OAuth client. Nearly always there: looked up first, since an insert that conflicts
-- still draws an id, and a conflict costs more than a look.
INSERT INTO calendar_oauth_clients (organization_id, provider, client_id)
SELECT '', :provider, :client_id
WHERE NOT EXISTS (
  SELECT
  FROM calendar_oauth_clients
  WHERE organization_id = ''
    AND provider = :provider
    AND client_id = :client_id)
ON CONFLICT DO NOTHING;
