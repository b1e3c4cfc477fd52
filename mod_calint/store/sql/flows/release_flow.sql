-- Gives a flow back that this claim took and that has no outcome.
DELETE FROM calendar_used_states
WHERE organization_id = :organization_id
  AND flow_id = :flow_id
  AND claim = :claim
  AND outcome IS NULL;
