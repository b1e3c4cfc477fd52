-- A revocation's token under another key, where it is still the one that was read.
UPDATE calendar_jobs
SET token_encrypted = :token::bytea,
    seal_id = :seal_id
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND seal_id = :read_seal_id;
