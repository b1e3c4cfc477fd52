-- Takes a flow: the row is inserted once.
INSERT INTO calendar_used_states (organization_id, flow_id, claim, user_id, expires_at)
VALUES (:organization_id, :flow_id, :claim, :user_id, :expires_at::timestamptz)
ON CONFLICT DO NOTHING;
