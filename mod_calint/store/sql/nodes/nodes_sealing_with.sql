-- The nodes of the last day whose primary key it is: the first that a node names.
SELECT node_id
FROM calendar_nodes
WHERE organization_id = ''
  AND seen_at > now() - interval '1 day'
  AND key_ids[1] = :key_id
ORDER BY node_id;
