-- The integration of "calendar_events e" with its client, where it is active.
LEFT JOIN calendar_integrations i
  ON i.organization_id = e.organization_id
  AND i.id = e.integration_id
  AND i.active
\ir integration_client.sql
