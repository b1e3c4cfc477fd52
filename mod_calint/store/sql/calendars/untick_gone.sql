-- A ticked calendar that the provider's list hasn't had for :patience isn't read any more: with its tick goes its busy
-- time. Audited, and the ATS hears of it. Nothing where the list was cut, which says of none that it is gone.
WITH ended AS (
  UPDATE calendar_integration_calendars
  SET sync = false
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id::bigint
    AND sync
    AND gone_since <= now() - :patience::interval
    AND NOT :is_cut::boolean
  RETURNING calendar_id
),
counted AS (
  SELECT count(*) AS removed
  FROM ended
),
integration AS (
  SELECT id, user_id, provider, removed
  FROM calendar_integrations, counted
  WHERE organization_id = :organization_id
    AND id = :integration_id
    AND removed > 0
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, user_id, id, 'calendars_changed'
  FROM integration
)
SELECT calint_audit(
    :organization_id,
    NULL,
    'calendar_integration.calendars_changed',
    'CalendarIntegration',
    id::text,
    jsonb_build_object('provider', provider, 'removed', removed, 'reason', 'gone', 'subject_user_id', user_id),
    NULL,
    NULL)
FROM integration;
