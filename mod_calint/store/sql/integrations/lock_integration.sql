-- Locks an active integration until the transaction ends. conflict where it has another generation.
WITH locked AS (
  SELECT id
  FROM calendar_integrations
  WHERE
    \ir ../fragments/as_seen.sql
  FOR UPDATE
)
SELECT calint_require(EXISTS (SELECT FROM locked));
