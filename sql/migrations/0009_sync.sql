-- Busy time of the calendars that people ticked, as they were read.

-- How far a ticked calendar has been read. Each tick makes a row of its own, and unticking ends it: what a read brings
-- is stored only while the row is there that it began with. Narrow: a look that finds nothing new writes here.
CREATE TABLE calendar_syncs (
  organization_id text        NOT NULL,
  id              bigint      GENERATED ALWAYS AS IDENTITY,
  integration_id  bigint      NOT NULL,
  last_synced_at  timestamptz,  -- when everything in it was known last
  tried_at        timestamptz,  -- when a read that failed ended last
  -- Why it can't be read now, and since when.
  trouble         text,
  trouble_since   timestamptz,
  -- Busy time is known from..until; series were expanded by this version of the evaluator, and what has no zone of its
  -- own was read in this one.
  known_from      timestamptz,
  known_until     timestamptz,
  evaluator       integer,
  zone            text,
  full_read_at    timestamptz,
  calendar_id     text        NOT NULL,
  cursor          text,         -- that the next read begins with; null: it reads everything
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, integration_id, calendar_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Series that are expanded again when the window has moved on, or whose next change tells a part alone. Times, rules,
-- kinds and keys; no titles, guests or places. Keys hold within one calendar and are compared byte by byte.
CREATE TABLE calendar_series (
  organization_id text        NOT NULL,
  sync_id         bigint      NOT NULL,
  series_key      text        COLLATE "C" NOT NULL,
  body            text        NOT NULL,  -- calendar/series_text.h
  event_keys      text[]      COLLATE "C",  -- of its events, but for those that are series_key; null: none
  unknown_from    timestamptz,           -- a bound was met: from here on it may take more time
  PRIMARY KEY (organization_id, sync_id, series_key)
);

CREATE TABLE calendar_busy_intervals (
  organization_id text        NOT NULL,
  sync_id         bigint      NOT NULL,
  series_key      text        COLLATE "C" NOT NULL,  -- of a single event its own key
  kind            text        NOT NULL CHECK (kind IN ('busy', 'tentative', 'unanswered', 'oof')),
  starts_at       timestamptz NOT NULL,
  ends_at         timestamptz NOT NULL CHECK (ends_at > starts_at)
);
CREATE INDEX calendar_busy_intervals_series ON calendar_busy_intervals (organization_id, sync_id, series_key);
CREATE INDEX calendar_busy_intervals_time ON calendar_busy_intervals (organization_id, sync_id, starts_at, ends_at);

-- A read that is under way: what its pages name, and what comes of it. A read that ends early leaves it to the next
-- one; after a crash of the server it is empty, and the read begins again.
CREATE UNLOGGED TABLE calendar_read_items (
  organization_id text    NOT NULL,
  sync_id         bigint  NOT NULL,
  reader          text    NOT NULL,  -- the owner of the lease
  number          bigint  GENERATED ALWAYS AS IDENTITY,
  series_key      text    COLLATE "C" NOT NULL,
  event_key       text    COLLATE "C" NOT NULL,
  is_removal      boolean NOT NULL,
  item            text    NOT NULL
);
CREATE INDEX calendar_read_items_series ON calendar_read_items (organization_id, sync_id, series_key, number);
CREATE UNLOGGED TABLE calendar_read_series (
  organization_id text        NOT NULL,
  sync_id         bigint      NOT NULL,
  reader          text        NOT NULL,
  series_key      text        COLLATE "C" NOT NULL,
  body            text,                -- null: nothing is kept of it, or it is gone
  event_keys      text[]      COLLATE "C",
  unknown_from    timestamptz
);
CREATE INDEX calendar_read_series_key ON calendar_read_series (organization_id, sync_id, series_key);
CREATE UNLOGGED TABLE calendar_read_intervals (
  organization_id text        NOT NULL,
  sync_id         bigint      NOT NULL,
  reader          text        NOT NULL,
  series_key      text        COLLATE "C" NOT NULL,
  kind            text        NOT NULL,
  starts_at       timestamptz NOT NULL,
  ends_at         timestamptz NOT NULL
);
CREATE INDEX calendar_read_intervals_series ON calendar_read_intervals (organization_id, sync_id, series_key);

-- A ticked calendar has a row in calendar_syncs and a job, whoever ticked it; with the tick goes all that was read. The
-- row of calendar_syncs comes first, as wherever both are written.
CREATE FUNCTION calint_follow_tick() RETURNS trigger LANGUAGE plpgsql AS $$
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
    INSERT INTO calendar_jobs (organization_id, kind, integration_id, subject, user_id, provider)
    SELECT organization_id, 'sync', id, NEW.calendar_id, user_id, provider
    FROM calendar_integrations
    WHERE organization_id = NEW.organization_id
      AND id = NEW.integration_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER calint_tick AFTER INSERT ON calendar_integration_calendars
  FOR EACH ROW WHEN (NEW.sync) EXECUTE FUNCTION calint_follow_tick();
CREATE TRIGGER calint_untick AFTER DELETE ON calendar_integration_calendars
  FOR EACH ROW WHEN (OLD.sync) EXECUTE FUNCTION calint_follow_tick();
CREATE TRIGGER calint_tick_again AFTER UPDATE OF sync ON calendar_integration_calendars
  FOR EACH ROW WHEN (OLD.sync <> NEW.sync) EXECUTE FUNCTION calint_follow_tick();

-- What was ticked before.
INSERT INTO calendar_syncs (organization_id, integration_id, calendar_id)
SELECT organization_id, integration_id, calendar_id
FROM calendar_integration_calendars
WHERE sync;
INSERT INTO calendar_jobs (organization_id, kind, integration_id, subject, user_id, provider, due_at)
SELECT i.organization_id, 'sync', i.id, s.calendar_id, user_id, provider, now() + random() * interval '10 minutes'
FROM calendar_syncs s
JOIN calendar_integrations i ON i.organization_id = s.organization_id AND i.id = s.integration_id
WHERE active;
