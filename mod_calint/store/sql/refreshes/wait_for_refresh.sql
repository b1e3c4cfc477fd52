-- Makes the row of a refresh where there is none, as of an integration that is expired.
INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)
SELECT :organization_id, 'refresh', :integration_id::bigint, :user_id, :provider, now() + interval '1 minute'
WHERE NOT EXISTS (
  SELECT
  FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id
    AND kind = 'refresh'
    AND given_up_at IS NULL)
ON CONFLICT DO NOTHING;
