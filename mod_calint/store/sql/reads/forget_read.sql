-- Nothing is left of what was put aside.
WITH
\ir ../fragments/forgotten.sql
SELECT;
