-- The outcome of a flow that this claim took.
UPDATE calendar_used_states
SET outcome = :outcome
WHERE organization_id = :organization_id
  AND flow_id = :flow_id
  AND claim = :claim;
