-- The nodes of the last day that don't have the key.
SELECT node_id
FROM calendar_nodes
WHERE organization_id = ''
  AND seen_at > now() - interval '1 day'
  AND :key_id <> ALL (key_ids)
ORDER BY node_id;
