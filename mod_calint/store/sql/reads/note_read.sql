-- A calendar is known as of now, as far as said; as of before where it owes what couldn't be got: that is as old as it was.
-- What can't be understood is as new as the rest.
WITH owing AS (
  SELECT
    count(*) > 0 AS lacks,
    count(*) FILTER (WHERE owed <> '') > 0 AS owes
  FROM calendar_series
  WHERE organization_id = :organization_id
    AND sync_id = :sync::bigint
    AND owed IS NOT NULL
)
UPDATE calendar_syncs
SET last_synced_at = CASE WHEN :is_read::boolean AND NOT owes THEN now() ELSE last_synced_at END,
    tried_at = CASE WHEN :is_read AND owes THEN now() ELSE tried_at END,
    trouble = CASE
      WHEN NOT :is_read THEN trouble
      WHEN lacks THEN :incomplete END,
    trouble_since = CASE
      WHEN NOT :is_read THEN trouble_since
      WHEN lacks THEN coalesce(trouble_since, now()) END,
    full_read_at = CASE WHEN :is_full::boolean THEN now() ELSE full_read_at END,
    cursor = :cursor,
    known_from = :known_from::timestamptz,
    known_until = :known_until::timestamptz,
    evaluator = :evaluator::integer,
    zone = :zone
FROM owing
WHERE organization_id = :organization_id
  AND id = :sync;
