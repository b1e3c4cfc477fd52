-- The columns of a table or view, as the search path finds it. A domain is of the kind that its values are.
SELECT
  format('%I.%I', n.nspname, c.relname) AS relation,
  a.attname AS name,
  coalesce(base.typname, t.typname) AS kind,
  format_type(a.atttypid, a.atttypmod) AS type,
  a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS must_be_given
FROM pg_class c
JOIN pg_namespace n
  ON n.oid = c.relnamespace
JOIN pg_attribute a
  ON a.attrelid = c.oid
  AND a.attnum > 0
  AND NOT a.attisdropped
JOIN pg_type t
  ON t.oid = a.atttypid
LEFT JOIN pg_type base
  ON base.oid = nullif(t.typbasetype, 0)
WHERE c.oid = to_regclass(:name)
ORDER BY a.attnum;
