-- A calendar can't be read. Its busy time stays as it is.
UPDATE calendar_syncs
SET tried_at = now(),
    trouble_since = coalesce(trouble_since, now()),
    trouble = :trouble
WHERE organization_id = :organization_id
  AND id = :id::bigint;
