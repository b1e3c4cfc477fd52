-- Queues the revocation of a token, with its grant's generation as it is now: 0 where nobody ever held the grant.
WITH queued AS (
  INSERT INTO calendar_jobs (
    organization_id, kind, integration_id, user_id, provider,
    token_encrypted, seal_id,
    grant_organization_id, account_key, grant_generation,
    deadline_at)
  SELECT
    :organization_id, 'revoke', :integration_id::bigint, :user_id, :provider,
    :token::bytea, :seal_id,
    :grant_organization_id, :account_key,
    coalesce(
      (SELECT generation
       FROM calendar_grants
       WHERE organization_id = :grant_organization_id
         AND account_key = :account_key),
      0),
    now() + interval '7 days'
  RETURNING id
)
SELECT pg_notify('calint_jobs', '')
FROM queued;
