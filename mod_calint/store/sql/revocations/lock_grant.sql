-- Makes sure that a grant has its row, which is locked until the transaction ends.
INSERT INTO calendar_grants AS g (organization_id, account_key, generation)
VALUES (:grant_organization_id, :account_key, :generation::bigint)
ON CONFLICT (organization_id, account_key) DO UPDATE
SET updated_at = g.updated_at;
