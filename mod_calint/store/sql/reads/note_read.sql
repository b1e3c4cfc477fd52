-- A calendar is known as of now, as far as said.
UPDATE calendar_syncs
SET last_synced_at = CASE WHEN :is_read::boolean THEN now() ELSE last_synced_at END,
    trouble = CASE WHEN :is_read THEN NULL ELSE trouble END,
    trouble_since = CASE WHEN :is_read THEN NULL ELSE trouble_since END,
    full_read_at = CASE WHEN :is_full::boolean THEN now() ELSE full_read_at END,
    cursor = :cursor,
    known_from = :known_from::timestamptz,
    known_until = :known_until::timestamptz,
    evaluator = :evaluator::integer,
    zone = :zone
WHERE organization_id = :organization_id
  AND id = :sync::bigint;
