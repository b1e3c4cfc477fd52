-- Takes part in a grant: raises its generation. The organisation is the OAuth client's. The transaction fails with
-- conflict while a revocation of the account is under way, through whosever client: it might end the new grant as well.
WITH held AS (
  INSERT INTO calendar_grants AS g (organization_id, account_key)
  VALUES (:client_organization, :account_key)
  ON CONFLICT (organization_id, account_key) DO UPDATE
  SET generation = g.generation + 1,
      updated_at = now()
  WHERE g.revoking_until IS NULL OR g.revoking_until < now()
  RETURNING g.generation
)
SELECT calint_require(
  EXISTS (SELECT FROM held)
  AND NOT EXISTS (
    SELECT
    FROM calendar_grants
    WHERE account_key = :account_key
      AND revoking_until > now()));
