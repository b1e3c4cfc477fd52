-- Whoever takes time of these people waits for the end of the transaction; one after the other, in one order. In a
-- statement of its own, so that what follows sees what the last holder committed.
SELECT pg_advisory_xact_lock(number)
FROM (
  SELECT DISTINCT hashtextextended(:organization_id || chr(31) || user_id, 458) AS number
  FROM unnest(:user_ids::text[]) AS user_id
  ORDER BY number) people;
