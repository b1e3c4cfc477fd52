-- Tries of passwords that limit nothing any more.
DELETE FROM calendar_password_tries
WHERE (organization_id, subject) IN (
  SELECT organization_id, subject
  FROM calendar_password_tries
  WHERE expires_at < now()
  ORDER BY expires_at
  LIMIT 1000
  FOR UPDATE SKIP LOCKED);
