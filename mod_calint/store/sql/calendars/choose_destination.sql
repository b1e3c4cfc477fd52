-- Makes a calendar the one that interviews are written to, where it is listed and can be written to, and where it isn't
-- too soon. Audited and noted for the ATS where something changed.
WITH wanted AS (
  SELECT calendar_id
  FROM calendar_integration_calendars
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id::bigint
    AND calendar_id = :calendar_id
    AND can_write
    AND gone_since IS NULL
),
judged AS (
  SELECT EXISTS (SELECT FROM wanted) AS possible
),
\ir ../fragments/turn.sql
,
changed AS (
  UPDATE calendar_integrations i
  SET calendar_id = w.calendar_id,
      updated_at = now()
  FROM wanted w, turn
  WHERE i.organization_id = :organization_id
    AND i.id = :integration_id
    AND i.calendar_id IS DISTINCT FROM w.calendar_id
  RETURNING i.id
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, :user_id, id, 'calendars_changed'
  FROM changed
)
SELECT
  possible,
  \ir ../fragments/wait_for_turn.sql
  AS wait,
  (SELECT calint_audit(
     :organization_id,
     :actor_id,
     'calendar_integration.calendars_changed',
     'CalendarIntegration',
     id::text,
     jsonb_build_object('provider', :provider::text, 'destination', true),
     :ip_address,
     :user_agent)
   FROM changed)
FROM judged;
