-- A hold has ended at expires_at, to the second; releasing it brings that forward. Its row stays for a day, so that
-- releasing it again is known to be that.
UPDATE calendar_holds SET expires_at = least(expires_at, released_at) WHERE released_at IS NOT NULL;
ALTER TABLE calendar_holds DROP COLUMN released_at;

-- Nobody has many holds that haven't ended, so whatever looks for somebody's finds them by that.
ALTER TABLE calendar_hold_people ADD COLUMN expires_at timestamptz;
UPDATE calendar_hold_people p
SET expires_at = h.expires_at
FROM calendar_holds h
WHERE h.organization_id = p.organization_id
  AND h.id = p.hold_id;
ALTER TABLE calendar_hold_people ALTER COLUMN expires_at SET NOT NULL;
DROP INDEX calendar_hold_people_time;
CREATE INDEX calendar_hold_people_expiry ON calendar_hold_people (organization_id, user_id, expires_at);
