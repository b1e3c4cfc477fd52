-- Whether a migration was applied, and with this text.
SELECT sha256 IS NOT DISTINCT FROM encode(sha256(:text::bytea), 'hex') AS same
FROM calendar_schema_migrations
WHERE organization_id = ''
  AND version = :version::integer;
