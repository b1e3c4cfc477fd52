-- Of "calendar_holds h": it hasn't ended.
h.released_at IS NULL
AND h.expires_at > now()
