-- Who took a flow, and how it stands.
SELECT
  claim,
  user_id,
  outcome,
  extract(epoch FROM now() - created_at)::bigint AS age
FROM calendar_used_states
WHERE organization_id = :organization_id
  AND flow_id = :flow_id;
