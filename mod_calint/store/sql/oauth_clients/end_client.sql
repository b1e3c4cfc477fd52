-- Ends the active version of an organisation's OAuth client. conflict unless it is the one that was seen (0: none).
WITH ended AS (
  UPDATE calendar_oauth_clients
  SET active = false
  WHERE organization_id = :organization_id
    AND provider = :provider
    AND active
  RETURNING version
)
SELECT calint_require(
  :organization_id <> ''
  AND coalesce((SELECT max(version) FROM ended), 0) = :seen_version::bigint);
