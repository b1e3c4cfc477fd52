-- Takes a chore that is due: it is due again after a while.
UPDATE calendar_chores
SET due_at = now() + :every::interval
WHERE organization_id = ''
  AND chore = :chore
  AND due_at <= now();
