-- Of "h", a hold or what it takes of somebody's time: it hasn't ended. By the clock, as now() was before a wait for a
-- lock; an index finds them by now().
h.expires_at > now()
AND h.expires_at > clock_timestamp()
