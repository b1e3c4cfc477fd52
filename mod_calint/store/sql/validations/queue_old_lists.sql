-- The lists of calendars that are to be read anew, at some time within :spread: those of healthy connections that are
-- :age old. An account that had no calendar has nothing that could go.
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)
SELECT organization_id, 'validate', id, user_id, provider, now() + random() * :spread::interval
FROM calendar_integrations i
WHERE active
  AND status = 'connected'
  AND (
    SELECT max(listed_at)
    FROM calendar_integration_calendars k
    WHERE k.organization_id = i.organization_id
      AND k.integration_id = i.id) < now() - :age::interval
  AND NOT EXISTS (
    SELECT
    FROM calendar_jobs j
    WHERE j.organization_id = i.organization_id
      AND j.integration_id = i.id
      AND j.kind = 'validate'
      AND j.given_up_at IS NULL)
LIMIT :most::integer
ON CONFLICT DO NOTHING;
