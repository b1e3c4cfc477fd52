-- The OAuth client that "calendar_integrations i" was made with; none with a password.
LEFT JOIN calendar_oauth_clients c
  ON c.id = i.oauth_client_id
  AND c.organization_id IN ('', i.organization_id)
