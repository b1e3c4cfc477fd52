-- conflict while an account is being revoked, through whosever OAuth client.
SELECT calint_require(NOT EXISTS (
  SELECT
  FROM calendar_grants
  WHERE account_key = :account_key
    AND revoking_until > now()));
