-- The row of the OAuth client that a connection is made with: an organisation's by its id, the server's by its name.
-- Nothing with a password.
coalesce(
  :client_row::bigint,
  (SELECT id
   FROM calendar_oauth_clients
   WHERE organization_id = ''
     AND provider = :provider
     AND client_id = :client_id
   ORDER BY version DESC
   LIMIT 1))
