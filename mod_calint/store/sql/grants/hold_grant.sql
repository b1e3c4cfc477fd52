-- Takes part in a grant: raises its generation, and cancels revocations of its account that nobody works on yet. The
-- organisation is the OAuth client's. The transaction fails with conflict while a revocation of the account is under
-- way, through whosever client: it might end the new grant as well.
--
-- Each that is cancelled is audited as abandoned. Its row differs from that of chores/abandon_revocations in who did
-- it: here the user of the grant, there nobody.
WITH held AS (
  INSERT INTO calendar_grants AS g (organization_id, account_key)
  VALUES (:client_organization, :account_key)
  ON CONFLICT (organization_id, account_key) DO UPDATE
  SET generation = g.generation + 1,
      updated_at = now()
  WHERE g.revoking_until IS NULL OR g.revoking_until < now()
  RETURNING g.generation
),
cancelled AS (
  DELETE FROM calendar_jobs
  WHERE kind = 'revoke'
    AND account_key = :account_key
    AND given_up_at IS NULL
    AND (lease_until IS NULL OR lease_until < now())
  RETURNING organization_id, integration_id, user_id, provider
)
SELECT
  calint_require(
    EXISTS (SELECT FROM held)
    AND NOT EXISTS (
      SELECT
      FROM calendar_grants
      WHERE account_key = :account_key
        AND revoking_until > now())),
  (SELECT count(*)
   FROM (
     SELECT calint_audit(
         organization_id,
         user_id,
         'calendar_integration.revocation_abandoned',
         'CalendarIntegration',
         coalesce(integration_id, 0)::text,
         jsonb_build_object('provider', provider, 'reason', 'granted_again', 'subject_user_id', user_id),
         NULL,
         NULL)
     FROM cancelled) audited);
