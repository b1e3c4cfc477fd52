-- A node tells of itself: its keys, the primary one first, its version, and how many connections it takes at most.
INSERT INTO calendar_nodes AS n (organization_id, node_id, key_ids, version, database_connections)
VALUES ('', :node_id, :key_ids::text[], :version, :connections::integer)
ON CONFLICT (organization_id, node_id) DO UPDATE
SET key_ids = excluded.key_ids,
    version = excluded.version,
    database_connections = excluded.database_connections,
    seen_at = now();
