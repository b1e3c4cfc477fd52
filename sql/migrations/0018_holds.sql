-- Time that is kept for a candidate until a moment. A hold has ended at expires_at, to the second, and when it was
-- released; its row stays for a day, so that releasing it again is known to be that.
CREATE TABLE calendar_holds (
  organization_id text        NOT NULL,
  id              text        NOT NULL,  -- random
  ref             text        NOT NULL,  -- the ATS's; several holds of one are alternatives
  user_ids        text[]      NOT NULL,  -- in the order asked
  starts_at       timestamptz NOT NULL,
  ends_at         timestamptz NOT NULL CHECK (ends_at > starts_at),
  expires_at      timestamptz NOT NULL,
  released_at     timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX calendar_holds_ref ON calendar_holds (organization_id, ref, starts_at, id);
CREATE INDEX calendar_holds_start ON calendar_holds (organization_id, starts_at, id);
CREATE INDEX calendar_holds_expiry ON calendar_holds (expires_at);

-- Whose time it is.
CREATE TABLE calendar_hold_people (
  organization_id text        NOT NULL,
  user_id         text        NOT NULL,
  hold_id         text        NOT NULL,
  starts_at       timestamptz NOT NULL,
  ends_at         timestamptz NOT NULL,
  PRIMARY KEY (organization_id, user_id, hold_id),
  FOREIGN KEY (organization_id, hold_id) REFERENCES calendar_holds (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX calendar_hold_people_time ON calendar_hold_people (organization_id, user_id, ends_at);
CREATE INDEX calendar_hold_people_hold ON calendar_hold_people (organization_id, hold_id);
