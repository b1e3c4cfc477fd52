-- Claims jobs of integrations, each with its integration as it is now: whoever stores tokens puts the refresh off in the
-- same transaction, so a row that is due has no newer ones. A row without a job where there is none.
WITH RECURSIVE
\ir ../fragments/claimed.sql
SELECT
  \ir ../fragments/claimed_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
FROM round
LEFT JOIN claimed j ON true
LEFT JOIN calendar_integrations i
  ON i.organization_id = j.organization_id
  AND i.id = j.integration_id
  AND i.active
\ir ../fragments/integration_client.sql
;
