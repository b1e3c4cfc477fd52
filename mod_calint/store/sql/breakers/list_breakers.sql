-- Every breaker; of an organisation's own client with what its mark would be now.
SELECT
  organization_id,
  subject,
  provider,
  array_to_string(kinds, ',') AS kinds,
  lane,
  name,
  mark,
  closed_at IS NOT NULL AS is_closed,
  probe_at <= now() AS may_be_probed,
  \ir ../fragments/own_mark.sql
  AS own_mark
FROM calendar_breakers b;
