-- Makes the row of a refresh where an active integration has none, as where it is expired. The integration is locked:
-- whoever ends it comes before, or finds the row.
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)
SELECT organization_id, 'refresh', id, user_id, provider, now() + interval '1 minute'
FROM calendar_integrations
WHERE organization_id = :organization_id
  AND id = :integration_id::bigint
  AND active
  AND NOT EXISTS (
    SELECT
    FROM calendar_jobs
    WHERE organization_id = :organization_id
      AND integration_id = :integration_id
      AND kind = 'refresh'
      AND given_up_at IS NULL)
FOR SHARE OF calendar_integrations
ON CONFLICT DO NOTHING;
