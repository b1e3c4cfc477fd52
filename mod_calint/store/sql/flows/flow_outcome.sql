-- The outcome of a flow that this claim took, once nobody is writing it.
SELECT outcome
FROM calendar_used_states
WHERE organization_id = :organization_id
  AND flow_id = :flow_id
  AND claim = :claim
FOR SHARE;
