-- The rules that an organisation has set, as a JSON object; what it hasn't is null, and so is what the schema doesn't have
-- yet. One row always.
SELECT jsonb_build_object(
  'working_hours', o.set -> 'working_hours',
  'dates', o.set -> 'dates',
  'buffer_before', o.set -> 'buffer_before',
  'buffer_after', o.set -> 'buffer_after',
  'tentative', o.set -> 'tentative',
  'unanswered', o.set -> 'unanswered',
  'unknown', o.set -> 'unknown') AS rules
FROM (SELECT) one
LEFT JOIN (
  SELECT to_jsonb(s) AS set
  FROM calendar_organization_settings s
  WHERE s.organization_id = :organization_id) o
  ON true;
