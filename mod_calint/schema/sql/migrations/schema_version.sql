-- The newest migration that was applied.
SELECT coalesce(max(version), 0) AS version
FROM calendar_schema_migrations
WHERE organization_id = '';
