-- A node is still there.
UPDATE calendar_nodes
SET seen_at = now()
WHERE organization_id = ''
  AND node_id = :node_id;
