-- Counts a try of a password; only those of the last hour count. The transaction fails with conflict where there were
-- `most` already.
WITH counted AS (
  INSERT INTO calendar_password_tries AS p (organization_id, subject, tries, expires_at)
  VALUES (:organization_id, :subject, ARRAY[now()], now() + interval '1 hour')
  ON CONFLICT (organization_id, subject) DO UPDATE
  SET expires_at = excluded.expires_at,
      tries = ARRAY(SELECT t FROM unnest(p.tries) AS t WHERE t > now() - interval '1 hour' ORDER BY t) || now()
  WHERE (SELECT count(*) FROM unnest(p.tries) AS t WHERE t > now() - interval '1 hour') < :most::bigint
  RETURNING subject
)
SELECT calint_require(EXISTS (SELECT FROM counted));
