-- New tokens in place of those that were refreshed, with the end of the lease and the next refresh. Nothing that an
-- index of the wide row has is changed. conflict where others were stored meanwhile, or the connection is another one.
WITH kept AS (
  UPDATE calendar_integrations
  SET access_token_encrypted = :access_token::bytea,
      refresh_token_encrypted = :refresh_token::bytea,
      seal_id = :new_seal_id,
      token_expires_at = :token_expires_at::timestamptz,
      oauth_client_id = coalesce(:client_row::bigint, oauth_client_id),
      updated_at = now()
  WHERE organization_id = :organization_id
    AND id = :id::bigint
    AND generation = :generation::bigint
    AND seal_id = :seal_id
    AND active
  RETURNING id
),
-- Fenced by the tokens: whoever had the lease before has none to store any more.
done AS (
  UPDATE calendar_jobs j
  SET due_at = :due_at::timestamptz,
      attempts = 0,
      lease_owner = NULL,
      lease_until = NULL,
      last_error = NULL
  FROM kept
  WHERE j.organization_id = :organization_id
    AND j.integration_id = kept.id
    AND j.kind = 'refresh'
    AND j.given_up_at IS NULL
)
SELECT calint_require(EXISTS (SELECT FROM kept));
