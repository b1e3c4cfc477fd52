-- Erases a revocation with its copy of the token, and audits how it ended. Nothing where somebody else has its lease by
-- now.
WITH ended AS (
  DELETE FROM calendar_jobs
  WHERE organization_id = :organization_id
    AND id = :id::bigint
    AND lease_owner = :owner
  RETURNING user_id, integration_id
)
SELECT calint_audit(
    :organization_id,
    NULL,
    'calendar_integration.' || :action,
    'CalendarIntegration',
    coalesce(integration_id, 0)::text,
    :metadata::jsonb || jsonb_build_object('subject_user_id', user_id),
    NULL,
    NULL)
FROM ended;
