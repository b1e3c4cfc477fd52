-- conflict while somebody works on a revocation of the account.
SELECT calint_require(NOT EXISTS (
  SELECT
  FROM calendar_jobs
  WHERE kind = 'revoke'
    AND account_key = :account_key
    AND given_up_at IS NULL
    AND lease_until > now()));
