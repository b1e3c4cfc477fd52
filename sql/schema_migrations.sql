-- The table of the migrations that were applied.
CREATE TABLE IF NOT EXISTS calendar_schema_migrations (
  organization_id text        NOT NULL DEFAULT '',
  version         integer     NOT NULL,
  name            text        NOT NULL,
  sha256          text,
  applied_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, version)
);
