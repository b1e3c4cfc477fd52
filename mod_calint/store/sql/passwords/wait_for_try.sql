-- When the oldest of the latest `most` tries stops counting; null while there are fewer.
SELECT ceil(extract(epoch FROM max(t.oldest) + interval '1 hour' - now()))::bigint AS seconds
FROM (
  SELECT tries[cardinality(tries) - :most::integer + 1] AS oldest
  FROM calendar_password_tries
  WHERE organization_id = :organization_id
    AND subject = :subject) AS t;
