-- Two roles: an owner, who migrates, and the one that httpd's nodes sign in with, which can do what the module
-- needs and nothing else. Run with psql as a role that may create roles and grant on the ATS's tables:
--
--   psql -d ats -f roles.sql                       before the first `calintctl migrate`: makes the roles
--   psql -d ats -f roles.sql                       after each `calintctl migrate`: grants what is there by then
--
-- Other names: -v owner=NAME -v runtime=NAME -v schema=NAME. Passwords are set apart (\password calint_runtime).
-- Idempotent.
\set ON_ERROR_STOP on
\if :{?owner}
\else
  \set owner calint_owner
\endif
\if :{?runtime}
\else
  \set runtime calint_runtime
\endif
\if :{?schema}
\else
  \set schema public
\endif
BEGIN;

SELECT format('CREATE ROLE %I LOGIN', name)
  FROM unnest(ARRAY[:'owner', :'runtime']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), :'owner', :'runtime')
\gexec
-- No statement of a web server's waits for long, also one that nobody waits for any more, also behind a pooler. The
-- module sets tighter limits itself where less time is left, and wider ones for work that says so.
ALTER ROLE :"runtime" SET statement_timeout = '3s';
ALTER ROLE :"runtime" SET lock_timeout = '2s';
ALTER ROLE :"runtime" SET idle_in_transaction_session_timeout = '10s';
-- Compiling a statement takes a hundred times as long as running one of these, and is what PostgreSQL does with some of
-- them while it has no statistics of their tables.
ALTER ROLE :"runtime" SET jit = off;

GRANT USAGE, CREATE ON SCHEMA :"schema" TO :"owner";
GRANT USAGE ON SCHEMA :"schema" TO :"runtime";
-- Up to PostgreSQL 14 everybody may create tables in the schema public.
SELECT format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', :'schema') WHERE :'schema' = 'public'
\gexec

-- A view reads its table with its owner's rights.
SELECT format('GRANT SELECT ON %I.users TO %I', :'schema', :'owner')
 WHERE to_regclass(format('%I.users', :'schema')) IS NOT NULL
\gexec

SELECT format('GRANT %s ON %I.%I TO %I', privileges, :'schema', relation, :'runtime')
  FROM (VALUES ('calint_users', 'SELECT'),
               ('audit_logs', 'INSERT'),
               ('calendar_schema_migrations', 'SELECT'),
               ('calendar_oauth_clients', 'SELECT, INSERT, UPDATE'),
               ('calendar_integrations', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_integration_calendars', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_grants', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_jobs', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_syncs', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_quotas', 'SELECT, INSERT, UPDATE'),
               ('calendar_series', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_busy_intervals', 'SELECT, INSERT, DELETE'),
               ('calendar_read_items', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_read_series', 'SELECT, INSERT, DELETE'),
               ('calendar_read_intervals', 'SELECT, INSERT, DELETE'),
               ('calendar_changes', 'SELECT, INSERT, UPDATE (announced, number), DELETE'),
               ('calendar_change_numbers', 'USAGE'),
               ('calendar_breakers', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_chores', 'SELECT, UPDATE'),
               ('calendar_password_tries', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_used_states', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_nodes', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_holds', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_events', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_event_people', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_hold_people', 'SELECT, INSERT, UPDATE, DELETE'),
               ('calendar_organization_settings', 'SELECT, INSERT, UPDATE')) AS needed (relation, privileges)
 WHERE to_regclass(format('%I.%I', :'schema', relation)) IS NOT NULL
\gexec

-- A serial id takes its number from a sequence of its own; an identity column needs no grant.
SELECT format('GRANT USAGE ON SEQUENCE %s TO %I', sequence, :'runtime')
  FROM (SELECT pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) AS sequence
          FROM pg_attribute a
         WHERE a.attrelid = to_regclass(format('%I.audit_logs', :'schema'))
           AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '') AS ids
 WHERE sequence IS NOT NULL
\gexec

-- Audit rows are written through the function, with the caller's rights.
SELECT command FROM (VALUES
    (1, format('REVOKE ALL ON FUNCTION %I.calint_audit FROM PUBLIC', :'schema')),
    (2, format('GRANT EXECUTE ON FUNCTION %I.calint_audit TO %I, %I', :'schema', :'owner', :'runtime'))) AS all_of (n, command)
 WHERE EXISTS (SELECT FROM pg_proc WHERE proname = 'calint_audit' AND pronamespace = to_regnamespace(:'schema'))
 ORDER BY n
\gexec

COMMIT;
