-- A calendar is known as of now, as far as said, and but for what it owes.
WITH owing AS (
  SELECT EXISTS (
    SELECT
    FROM calendar_series
    WHERE organization_id = :organization_id
      AND sync_id = :sync::bigint
      AND owed IS NOT NULL) AS owes
)
UPDATE calendar_syncs
SET last_synced_at = CASE WHEN :is_read::boolean THEN now() ELSE last_synced_at END,
    trouble = CASE
      WHEN NOT :is_read THEN trouble
      WHEN owes THEN 'incomplete' END,
    trouble_since = CASE
      WHEN NOT :is_read THEN trouble_since
      WHEN owes THEN coalesce(trouble_since, now()) END,
    full_read_at = CASE WHEN :is_full::boolean THEN now() ELSE full_read_at END,
    cursor = :cursor,
    known_from = :known_from::timestamptz,
    known_until = :known_until::timestamptz,
    evaluator = :evaluator::integer,
    zone = :zone
FROM owing
WHERE organization_id = :organization_id
  AND id = :sync;
