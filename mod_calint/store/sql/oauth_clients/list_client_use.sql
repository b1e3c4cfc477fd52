-- How an organisation stands with the providers that have OAuth clients: its own active client, and how many people are
-- connected through the present client and through others, also how many of its own clients' people the provider
-- refuses.
SELECT
  p.provider,
  c.created_at,
  coalesce(
    (SELECT max(version)
     FROM calendar_oauth_clients
     WHERE organization_id = :organization_id
       AND organization_id <> ''
       AND provider = p.provider),
    0) AS latest,
  n.present,
  n.before,
  n.refused,
  \ir ../fragments/client_columns.sql
FROM unnest(:providers::text[]) WITH ORDINALITY AS p (provider, place)
LEFT JOIN calendar_oauth_clients c
  ON c.organization_id = :organization_id
  AND c.organization_id <> ''
  AND c.provider = p.provider
  AND c.active,
LATERAL (
  SELECT
    count(*) FILTER (WHERE is_present) AS present,
    count(*) FILTER (WHERE NOT is_present) AS before,
    count(*) FILTER (WHERE is_own AND last_error = 'operator') AS refused
  FROM (
    SELECT
      i.last_error,
      k.organization_id <> '' AS is_own,
      CASE WHEN c.id IS NULL THEN k.organization_id = '' ELSE k.id = c.id END AS is_present
    FROM calendar_integrations i
    JOIN calendar_oauth_clients k
      ON k.id = i.oauth_client_id
      AND k.organization_id IN ('', :organization_id)
    WHERE i.organization_id = :organization_id
      AND i.provider = p.provider
      AND i.active) AS connected) AS n
ORDER BY p.place;
