-- How many values another key seals.
SELECT count(*) AS count
FROM (
  \ir ../fragments/sealed_values.sql
) AS sealed
WHERE key <> :key_id;
