-- The lanes of these OAuth clients of the server, by provider and name. See calint_lane().
SELECT provider, provider || '/' || id AS lane
FROM unnest(:providers::text[], :client_ids::text[]) AS own (provider, client_id)
JOIN calendar_oauth_clients c USING (provider, client_id)
WHERE c.organization_id = '';
