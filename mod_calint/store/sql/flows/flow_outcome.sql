-- The outcome of a flow, once nobody is writing it.
SELECT outcome
FROM calendar_used_states
WHERE organization_id = :organization_id
  AND flow_id = :flow_id
FOR SHARE;
