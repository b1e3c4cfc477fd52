-- Availability is read with an index for whatever is looked for.

-- Whether somebody without a connection had one.
CREATE INDEX calendar_integrations_former ON calendar_integrations (organization_id, user_id) WHERE NOT active;
-- Series that may take more time than is known.
CREATE INDEX calendar_series_unknown ON calendar_series (organization_id, sync_id, unknown_from)
  WHERE unknown_from IS NOT NULL;

-- The organisation's rules for slots, applied when time is read; null: as the server has it, and the default hours.
-- working_hours and dates are as in POST /slots, buffers in minutes.
ALTER TABLE calendar_organization_settings
  ADD COLUMN working_hours jsonb,
  ADD COLUMN dates         jsonb,
  ADD COLUMN buffer_before integer CHECK (buffer_before BETWEEN 0 AND 1440),
  ADD COLUMN buffer_after  integer CHECK (buffer_after BETWEEN 0 AND 1440),
  ADD COLUMN tentative     text CHECK (tentative IN ('busy', 'free')),
  ADD COLUMN unanswered    text CHECK (unanswered IN ('busy', 'free')),
  ADD COLUMN unknown       text CHECK (unknown IN ('busy', 'free'));

-- A change gets its number once it is committed, from one reader at a time: ids are given before the commit, and
-- whoever remembers the highest one misses what commits later. null: it has none yet.
CREATE SEQUENCE calendar_change_numbers;
ALTER TABLE calendar_changes ADD COLUMN number bigint;
CREATE UNIQUE INDEX calendar_changes_number ON calendar_changes (organization_id, number) WHERE number IS NOT NULL;
CREATE INDEX calendar_changes_unnumbered ON calendar_changes (organization_id, id) WHERE number IS NULL;

-- Up to which number changes are no longer kept. What goes without ever having had a number takes one with it.
ALTER TABLE calendar_organization_settings ADD COLUMN changes_gone bigint;
CREATE FUNCTION calint_note_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO calendar_organization_settings AS o (organization_id, changes_gone)
  SELECT organization_id, max(coalesce(number, nextval('calendar_change_numbers')))
  FROM gone
  GROUP BY organization_id
  ON CONFLICT (organization_id) DO UPDATE
  SET changes_gone = greatest(o.changes_gone, excluded.changes_gone);
  RETURN NULL;
END
$$;
CREATE TRIGGER calint_gone AFTER DELETE ON calendar_changes
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION calint_note_gone();
