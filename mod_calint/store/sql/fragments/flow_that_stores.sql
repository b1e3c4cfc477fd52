-- The CTE "flow", of what stores the integration in "stored": the row that took the flow gets its outcome, and is
-- written anew where a crash of the server lost it (store/commits.h), for as long as a state can live. No row where
-- another request has taken the flow since.
flow AS (
  INSERT INTO calendar_used_states AS f (
    organization_id, flow_id, claim, user_id, expires_at,
    outcome, integration_id)
  SELECT
    :organization_id, :flow_id, :claim, :user_id, now() + interval '1 day 10 minutes',
    :outcome, id
  FROM stored
  ON CONFLICT (organization_id, flow_id) DO UPDATE
  SET outcome = excluded.outcome,
      integration_id = excluded.integration_id
  WHERE f.claim = excluded.claim
  RETURNING flow_id
)
