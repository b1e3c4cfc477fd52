-- The key of each sealed value: its id stands behind the version byte (crypto/seal.h).
SELECT encode(substring(value FROM 2 FOR 4), 'hex') AS key
FROM (
  SELECT access_token_encrypted FROM calendar_integrations
  UNION ALL
  SELECT refresh_token_encrypted FROM calendar_integrations
  UNION ALL
  SELECT secret_encrypted FROM calendar_oauth_clients
  UNION ALL
  SELECT token_encrypted FROM calendar_jobs) AS sealed (value)
WHERE value IS NOT NULL
