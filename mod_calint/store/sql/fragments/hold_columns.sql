-- Of "calendar_holds h": what hold_from() reads.
h.id,
h.ref,
to_jsonb(h.user_ids) AS user_ids,
h.starts_at,
h.ends_at,
h.expires_at,
h.created_at
