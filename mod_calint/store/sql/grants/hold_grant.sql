-- Takes part in a grant: locks its row and raises its generation. The transaction fails with conflict while a revocation
-- of the account is under way, which might end the new grant as well. The organisation is the OAuth client's.
WITH held AS (
  INSERT INTO calendar_grants AS g (organization_id, account_key)
  VALUES (:client_organization, :account_key)
  ON CONFLICT (organization_id, account_key) DO UPDATE
  SET generation = g.generation + 1,
      updated_at = now()
  WHERE g.revoking_until IS NULL OR g.revoking_until < now()
  RETURNING g.generation
)
SELECT calint_require(EXISTS (SELECT FROM held));
