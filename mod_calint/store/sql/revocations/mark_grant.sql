-- A grant is being revoked, for as long as the lease of its revocation. Nothing where somebody holds it, or a newer
-- one.
UPDATE calendar_grants
SET revoking_until = now() + :lease::interval,
    updated_at = now()
WHERE organization_id = :grant_organization_id
  AND account_key = :account_key
  AND generation = :generation::bigint
  AND NOT EXISTS (
    SELECT
    FROM calendar_integrations
    WHERE account_key = :account_key
      AND active);
