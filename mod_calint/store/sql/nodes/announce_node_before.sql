-- The same on a schema before 11, which has no place for its connections.
INSERT INTO calendar_nodes AS n (organization_id, node_id, key_ids, version)
VALUES ('', :node_id, :key_ids::text[], :version)
ON CONFLICT (organization_id, node_id) DO UPDATE
SET key_ids = excluded.key_ids,
    version = excluded.version,
    seen_at = now();
