-- Interviews in people's calendars.

-- One that the ATS asked for. `version` is raised by whatever it sends. `unsent` names what the provider hasn't got for
-- certain: create, cancel, or parts of the event. What stands in the calendar is as it was seen last.
CREATE TABLE calendar_events (
  organization_id     text        NOT NULL,
  id                  text        NOT NULL,  -- random; its key at the provider, too
  interview_ref       text        NOT NULL,
  user_id             text        NOT NULL,  -- the organiser
  integration_id      bigint      NOT NULL,
  provider            text        NOT NULL,
  calendar_id         text        NOT NULL,
  status              text        NOT NULL CHECK (status IN ('pending', 'confirmed', 'cancelled', 'failed')),
  version             bigint      NOT NULL DEFAULT 1,
  body                jsonb       NOT NULL,  -- as asked for, without times; nothing is left out
  digest              text        NOT NULL,  -- of what was asked for first
  guests              jsonb       NOT NULL,  -- who is invited
  starts_at           timestamptz NOT NULL,
  ends_at             timestamptz NOT NULL CHECK (ends_at > starts_at),
  unsent              text[]      NOT NULL,
  provider_event_id   text        COLLATE "C",
  uid                 text        COLLATE "C",
  html_link           text,
  room                text,
  room_url            text,
  answers             jsonb       NOT NULL DEFAULT '[]',
  changed_in_calendar text        CHECK (changed_in_calendar IN ('time', 'deleted', 'declined')),
  problem             text,                  -- its type
  problem_detail      text,
  problem_since       timestamptz,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
) WITH (fillfactor = 80);
-- No ref ever makes two events.
CREATE UNIQUE INDEX calendar_events_ref ON calendar_events (organization_id, interview_ref) WHERE status <> 'cancelled';
CREATE INDEX calendar_events_former_ref ON calendar_events (organization_id, interview_ref, starts_at, id);
CREATE INDEX calendar_events_start ON calendar_events (organization_id, starts_at, id);
CREATE INDEX calendar_events_integration ON calendar_events (organization_id, integration_id, ends_at)
  WHERE status IN ('pending', 'confirmed');
CREATE INDEX calendar_events_uid ON calendar_events (organization_id, hashtextextended(uid, 0));
CREATE INDEX calendar_events_end ON calendar_events (ends_at);

-- Whose time it is: organiser and interviewers. It isn't taken by one that ended, or never
-- was in a calendar.
CREATE TABLE calendar_event_people (
  organization_id text        NOT NULL,
  user_id         text        NOT NULL,
  event_id        text        NOT NULL,
  starts_at       timestamptz NOT NULL,
  ends_at         timestamptz NOT NULL,
  takes_time      boolean     NOT NULL DEFAULT true,
  PRIMARY KEY (organization_id, user_id, event_id),
  FOREIGN KEY (organization_id, event_id) REFERENCES calendar_events (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX calendar_event_people_time ON calendar_event_people (organization_id, user_id, ends_at);
CREATE INDEX calendar_event_people_event ON calendar_event_people (organization_id, event_id);

-- An interview that comes back by sync is known by its UID, whoever's calendar it is in: a hash, since UIDs of others may
-- be long. null: it has none, or was read before.
ALTER TABLE calendar_busy_intervals ADD uid_hash bigint;
ALTER TABLE calendar_read_intervals ADD uid_hash bigint;

-- A change of an interview says itself what it is about.
CREATE OR REPLACE FUNCTION calint_stand_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT i.status, coalesce(NEW.detail, i.last_error)
  INTO NEW.status, NEW.detail
  FROM calendar_integrations i
  WHERE i.organization_id = NEW.organization_id
    AND i.id = NEW.integration_id;
  RETURN NEW;
END
$$;
CREATE FUNCTION calint_event_detail(event_id text, interview_ref text, what text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object('event_id', event_id, 'interview_ref', interview_ref, 'what', what)::text;

-- Nothing more is told to a connection that has ended: what is in its calendar stays there, and its job has gone with it.
CREATE FUNCTION calint_strand_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH stranded AS (
    UPDATE calendar_events
    SET status = 'failed',
        problem = 'organiser_disconnected',
        problem_detail = 'the organiser''s calendar was disconnected before it was told',
        problem_since = now(),
        updated_at = now()
    WHERE organization_id = NEW.organization_id
      AND integration_id = NEW.id
      AND status = 'pending'
    RETURNING *
  ),
  free AS (
    UPDATE calendar_event_people p
    SET takes_time = false
    FROM stranded e
    WHERE p.organization_id = e.organization_id
      AND p.event_id = e.id
      AND 'create' = ANY (e.unsent)
  )
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT organization_id, user_id, integration_id, 'event_failed', calint_event_detail(id, interview_ref, 'failed')
  FROM stranded;
  RETURN NULL;
END
$$;
CREATE TRIGGER calint_strand AFTER UPDATE OF active ON calendar_integrations
  FOR EACH ROW WHEN (OLD.active AND NOT NEW.active) EXECUTE FUNCTION calint_strand_events();

-- What waits for a connection to work again is due once it does.
CREATE FUNCTION calint_go_on_with_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE calendar_jobs
  SET due_at = now()
  WHERE organization_id = NEW.organization_id
    AND integration_id = NEW.id
    AND kind = 'interview'
    AND given_up_at IS NULL
    AND due_at > now();
  RETURN NULL;
END
$$;
CREATE TRIGGER calint_go_on AFTER UPDATE OF status ON calendar_integrations
  FOR EACH ROW WHEN (NEW.status = 'connected' AND OLD.status <> 'connected') EXECUTE FUNCTION calint_go_on_with_events();
