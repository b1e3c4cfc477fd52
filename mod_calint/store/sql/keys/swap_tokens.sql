-- The tokens under another key, where they are still those that were read.
UPDATE calendar_integrations
SET access_token_encrypted = :access_token::bytea,
    refresh_token_encrypted = :refresh_token::bytea,
    seal_id = :seal_id
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND generation = :generation::bigint
  AND seal_id = :read_seal_id
  AND active;
