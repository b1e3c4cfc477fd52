-- What an OAuth client may still ask its provider for, over all nodes: a row from its first look at a calendar.
-- organization_id is the client's; '' for the server's.
CREATE TABLE calendar_quotas (
  organization_id text        NOT NULL DEFAULT '',
  provider        text        NOT NULL,
  client_id       text        NOT NULL,
  requests        double precision NOT NULL,  -- left at counted_at; negative: asked for beforehand
  counted_at      timestamptz NOT NULL,       -- ahead of now: until then there are none
  granted         integer     NOT NULL,       -- to the last claim
  -- The last time that the provider asked for less without saying how long.
  paused_until    timestamptz,
  pause           interval    NOT NULL DEFAULT '0',
  PRIMARY KEY (organization_id, provider, client_id)
) WITH (fillfactor = 50);
