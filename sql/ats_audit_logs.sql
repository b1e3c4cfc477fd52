-- The ATS's audit log as in UC-455: made by `calintctl migrate --with-ats-tables`, where there is no ATS (tests
-- and demonstrations). user_id is null where the background worker acted.
CREATE TABLE audit_logs (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id bigint,
  user_id         bigint,
  action          text        NOT NULL,
  auditable_type  text        NOT NULL,
  auditable_id    bigint,
  metadata        jsonb,
  ip_address      inet,
  user_agent      text,
  created_at      timestamptz NOT NULL DEFAULT now()
);
