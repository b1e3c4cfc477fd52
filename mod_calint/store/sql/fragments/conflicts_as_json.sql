-- The first of "conflicts" as the ATS is told of them; null: nothing is in the way.
(SELECT jsonb_agg(jsonb_build_object(
   'user_id', user_id,
   'start', to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
   'end', to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
   'why', why) ORDER BY starts_at, user_id)
 FROM (SELECT * FROM conflicts ORDER BY starts_at LIMIT 100) first_ones)
