-- Locks an active integration until the transaction ends. conflict where it has another generation.
WITH locked AS (
  SELECT id
  FROM calendar_integrations
  WHERE organization_id = :organization_id
    AND id = :id::bigint
    AND generation = :generation::bigint
    AND active
  FOR UPDATE
)
SELECT calint_require(EXISTS (SELECT FROM locked));
