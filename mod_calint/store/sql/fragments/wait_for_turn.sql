-- Beside "judged" and "turn": after how many seconds the turn may be taken; null where it was, or isn't wanted. Of
-- whoever takes it at the same moment nothing is seen yet.
CASE WHEN (SELECT possible FROM judged) AND NOT EXISTS (SELECT FROM turn) THEN
  greatest(1, ceil(extract(epoch FROM coalesce(
    (SELECT expires_at - now()
     FROM calendar_password_tries
     WHERE organization_id = :organization_id
       AND subject = :turn),
    :pause))))::bigint END
