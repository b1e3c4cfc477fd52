-- Takes the turn for what a person may do once in :pause, where "judged" finds it possible; no row where it is too
-- soon. For WITH.
turn AS (
  INSERT INTO calendar_password_tries AS p (organization_id, subject, tries, expires_at)
  SELECT :organization_id, :turn, ARRAY[now()], now() + :pause::interval
  FROM judged
  WHERE possible
  ON CONFLICT (organization_id, subject) DO UPDATE
  SET tries = excluded.tries,
      expires_at = excluded.expires_at
  WHERE p.expires_at <= now()
  RETURNING subject
)
