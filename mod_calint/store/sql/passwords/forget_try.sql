-- The latest try doesn't count.
UPDATE calendar_password_tries
SET tries = tries[: cardinality(tries) - 1]
WHERE organization_id = :organization_id
  AND subject = :subject;
