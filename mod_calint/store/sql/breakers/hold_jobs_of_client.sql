-- Every job of an organisation's own client waits in its breaker's lane; what somebody is writing comes by itself.
UPDATE calendar_jobs
SET lane = :lane
WHERE (organization_id, id) IN (
  SELECT j.organization_id, j.id
  FROM calendar_integrations i
  JOIN calendar_jobs j
    ON j.organization_id = i.organization_id
    AND j.integration_id = i.id
    AND j.kind = ANY (:kinds::text[])
    AND j.given_up_at IS NULL
    AND j.lane <> :lane
  WHERE i.organization_id = :organization_id
    AND i.oauth_client_id = :client_row::bigint
    AND i.active
  FOR UPDATE OF j SKIP LOCKED);
