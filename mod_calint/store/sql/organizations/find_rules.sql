-- The rules that an organisation has set, as a JSON object; what it hasn't is null. One row always.
SELECT jsonb_build_object(
  'working_hours', o.working_hours,
  'dates', o.dates,
  'buffer_before', o.buffer_before,
  'buffer_after', o.buffer_after,
  'tentative', o.tentative,
  'unanswered', o.unanswered,
  'unknown', o.unknown) AS rules
FROM (SELECT) one
LEFT JOIN calendar_organization_settings o
  ON o.organization_id = :organization_id;
