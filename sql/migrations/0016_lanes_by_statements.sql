-- Whoever writes a job and knows its lane says it, which spares a look at the OAuth client for each row.
DROP TRIGGER calint_lane ON calendar_jobs;
CREATE TRIGGER calint_lane BEFORE INSERT ON calendar_jobs
  FOR EACH ROW WHEN (NEW.lane = '') EXECUTE FUNCTION calint_lane();
CREATE TRIGGER calint_lane_anew BEFORE UPDATE OF provider ON calendar_jobs
  FOR EACH ROW EXECUTE FUNCTION calint_lane();

-- As before, but for the lane.
CREATE OR REPLACE FUNCTION calint_follow_tick() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ended bigint;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.sync THEN
    DELETE FROM calendar_syncs
    WHERE organization_id = OLD.organization_id
      AND integration_id = OLD.integration_id
      AND calendar_id = OLD.calendar_id
    RETURNING id INTO ended;
    DELETE FROM calendar_busy_intervals WHERE organization_id = OLD.organization_id AND sync_id = ended;
    DELETE FROM calendar_series WHERE organization_id = OLD.organization_id AND sync_id = ended;
    DELETE FROM calendar_read_items WHERE organization_id = OLD.organization_id AND sync_id = ended;
    DELETE FROM calendar_read_series WHERE organization_id = OLD.organization_id AND sync_id = ended;
    DELETE FROM calendar_read_intervals WHERE organization_id = OLD.organization_id AND sync_id = ended;
    DELETE FROM calendar_jobs
    WHERE organization_id = OLD.organization_id
      AND integration_id = OLD.integration_id
      AND kind = 'sync'
      AND subject = OLD.calendar_id
      AND given_up_at IS NULL;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.sync THEN
    INSERT INTO calendar_syncs (organization_id, integration_id, calendar_id)
    VALUES (NEW.organization_id, NEW.integration_id, NEW.calendar_id);
    INSERT INTO calendar_jobs (organization_id, kind, integration_id, subject, user_id, provider, lane)
    SELECT i.organization_id, 'sync', i.id, NEW.calendar_id, i.user_id, i.provider, coalesce(i.provider || '/' || c.id, '')
    FROM calendar_integrations i
    LEFT JOIN calendar_oauth_clients c ON c.organization_id = '' AND c.id = i.oauth_client_id
    WHERE i.organization_id = NEW.organization_id
      AND i.id = NEW.integration_id;
  END IF;
  RETURN NULL;
END
$$;
