-- A client's secret under another key, where it is still the one that was read.
UPDATE calendar_oauth_clients
SET secret_encrypted = :secret::bytea,
    seal_id = :seal_id
WHERE organization_id = :organization_id
  AND id = :id::bigint
  AND seal_id = :read_seal_id;
