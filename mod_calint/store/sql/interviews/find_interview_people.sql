-- Of :user_ids, in their order, those who are active users of the organisation, each with the connection that there is.
SELECT
  u.id::text AS id,
  u.email,
  u.name,
  u.time_zone,
  i.id AS integration_id,
  i.provider,
  i.account,
  i.calendar_id
FROM
\ir ../fragments/asked_users.sql
ORDER BY asked.number;
