-- A node tells of itself: its keys, the primary one first, its version, and how many connections it takes at most. Each new
-- connection does so, and many may come at once: what has been told within a minute is read only.
INSERT INTO calendar_nodes AS n (organization_id, node_id, key_ids, version, database_connections)
SELECT '', :node_id, :key_ids::text[], :version, :connections::integer
WHERE NOT EXISTS (
  SELECT
  FROM calendar_nodes
  WHERE organization_id = ''
    AND node_id = :node_id
    AND key_ids = :key_ids::text[]
    AND version = :version
    AND database_connections = :connections::integer
    AND seen_at > now() - interval '1 minute')
ON CONFLICT (organization_id, node_id) DO UPDATE
SET key_ids = excluded.key_ids,
    version = excluded.version,
    database_connections = excluded.database_connections,
    seen_at = now();
