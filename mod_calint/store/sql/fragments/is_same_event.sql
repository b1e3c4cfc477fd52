-- Whether "calendar_events e" is what is asked for: as it was at first, or as it is now.
e.digest = :digest
OR (e.body, e.user_id, e.starts_at, e.ends_at) = (:body::jsonb, :user_id, :start::timestamptz, :until::timestamptz)
