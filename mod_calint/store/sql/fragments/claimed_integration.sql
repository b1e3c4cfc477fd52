-- "claimed j" beside "round", each with its integration "i" as it is now. A row without a job where there is none.
FROM round
LEFT JOIN claimed j ON true
LEFT JOIN calendar_integrations i
  ON i.organization_id = j.organization_id
  AND i.id = j.integration_id
  AND i.active
\ir integration_client.sql
