-- Flows that nobody can end any more.
DELETE FROM calendar_used_states
WHERE (organization_id, flow_id) IN (
  SELECT organization_id, flow_id
  FROM calendar_used_states
  WHERE expires_at < now()
  ORDER BY expires_at
  LIMIT 1000
  FOR UPDATE SKIP LOCKED);
