-- Claims revocations. A row without a job where there is none.
WITH RECURSIVE
\ir ../fragments/claimed.sql
SELECT
  \ir ../fragments/claimed_columns.sql
  ,
  \ir ../fragments/revocation_columns.sql
FROM round
LEFT JOIN claimed j ON true;
