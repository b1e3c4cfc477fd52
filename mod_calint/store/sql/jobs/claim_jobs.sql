-- Claims jobs of integrations, each with its integration as it is now: whoever stores tokens puts the refresh off in
-- the same transaction, so a row that is due has no newer ones. A row without a job where there is none.
WITH RECURSIVE
\ir ../fragments/claimed.sql
SELECT
  \ir ../fragments/claimed_columns.sql
  ,
  \ir ../fragments/integration_columns.sql
\ir ../fragments/claimed_integration.sql
;
