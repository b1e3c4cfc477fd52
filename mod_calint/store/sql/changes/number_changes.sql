-- Numbers what is committed and has no number yet.
UPDATE calendar_changes c
SET number = numbered.number
FROM (
  SELECT id, nextval('calendar_change_numbers') AS number
  FROM (
    SELECT id
    FROM calendar_changes
    WHERE organization_id = :organization_id
      AND number IS NULL
    ORDER BY id
    LIMIT 10000) unnumbered) numbered
WHERE c.organization_id = :organization_id
  AND c.id = numbered.id;
