-- A change says how its integration stands after it, and why: whoever writes one needn't.
ALTER TABLE calendar_changes
  ADD COLUMN status text,
  ADD COLUMN detail text;

-- What the transaction has written of the integration is seen here; of what came before this migration nothing is known.
CREATE FUNCTION calint_stand_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT i.status, i.last_error
  INTO NEW.status, NEW.detail
  FROM calendar_integrations i
  WHERE i.organization_id = NEW.organization_id
    AND i.id = NEW.integration_id;
  RETURN NEW;
END
$$;
CREATE TRIGGER calint_stand BEFORE INSERT ON calendar_changes
  FOR EACH ROW WHEN (NEW.integration_id IS NOT NULL) EXECUTE FUNCTION calint_stand_of_change();
