-- Whoever changes a row tries one job for all that wait; nobody else for a while.
UPDATE calendar_breakers
SET probe_at = now() + :pause::interval
WHERE organization_id = :organization_id
  AND subject = :subject
  AND closed_at IS NULL
  AND probe_at <= now();
