-- The function calint_audit as it is. It is ours where its comment is the mark with the digest of the very body that it
-- has now: an administrator's CREATE OR REPLACE keeps the comment, but not the body.
SELECT
  prosrc,
  coalesce(
    obj_description(oid, 'pg_proc') = :mark || encode(sha256(convert_to(prosrc, 'UTF8')), 'hex'),
    false) AS ours
FROM pg_proc
WHERE oid = to_regprocedure('calint_audit(text, text, text, text, text, jsonb, text, text)');
