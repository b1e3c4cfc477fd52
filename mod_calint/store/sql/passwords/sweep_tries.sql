-- Rows that count nothing any more, a few at a time.
DELETE FROM calendar_password_tries
WHERE (organization_id, subject) IN (
  SELECT organization_id, subject
  FROM calendar_password_tries
  WHERE expires_at < now()
  LIMIT 20
  FOR UPDATE SKIP LOCKED);
