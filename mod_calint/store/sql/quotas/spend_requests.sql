-- Requests that a read took beyond the one that its claim had: later ones wait for them.
UPDATE calendar_quotas
SET requests = requests - :requests::integer
WHERE organization_id = :organization_id
  AND provider = :provider
  AND client_id = :client_id;
