-- Ticks exactly these calendars, where each may be: it is listed, or gone and was ticked before; and where it isn't too
-- soon. Audited and noted for the ATS where something changed.
WITH wanted AS (
  SELECT DISTINCT id
  FROM unnest(:wanted::text[]) AS w (id)
),
listed AS (
  SELECT
    calendar_id,
    sync,
    gone_since IS NULL OR sync AS possible,
    id IS NOT NULL AS wanted
  FROM calendar_integration_calendars
  LEFT JOIN wanted ON id = calendar_id
  WHERE organization_id = :organization_id
    AND integration_id = :integration_id::bigint
),
judged AS (
  SELECT
    (SELECT count(*) FROM wanted) = (SELECT count(*) FROM listed WHERE wanted AND possible) AS possible
),
\ir ../fragments/turn.sql
,
changed AS (
  UPDATE calendar_integration_calendars c
  SET sync = l.wanted
  FROM listed l, turn
  WHERE c.organization_id = :organization_id
    AND c.integration_id = :integration_id
    AND c.calendar_id = l.calendar_id
    AND l.sync <> l.wanted
  RETURNING l.wanted
),
counted AS (
  SELECT
    count(*) FILTER (WHERE wanted) AS added,
    count(*) FILTER (WHERE NOT wanted) AS removed,
    count(*) > 0 AS news
  FROM changed
),
change AS (
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change)
  SELECT :organization_id, :user_id, :integration_id, 'calendars_changed'
  FROM counted
  WHERE news
)
SELECT
  possible,
  \ir ../fragments/wait_for_turn.sql
  AS wait,
  CASE WHEN news THEN calint_audit(
    :organization_id,
    :actor_id,
    'calendar_integration.calendars_changed',
    'CalendarIntegration',
    :integration_id::bigint::text,
    jsonb_build_object('provider', :provider::text, 'added', added, 'removed', removed),
    :ip_address,
    :user_agent) END
FROM judged, counted;
