-- Takes a change of an organisation's rules over: a JSON object of those that change, null for none (RFC 7396).
INSERT INTO calendar_organization_settings AS o
  (organization_id, working_hours, dates, buffer_before, buffer_after, tentative, unanswered, unknown)
SELECT
  :organization_id,
  nullif(c -> 'working_hours', 'null'),
  nullif(c -> 'dates', 'null'),
  (c ->> 'buffer_before')::integer,
  (c ->> 'buffer_after')::integer,
  c ->> 'tentative',
  c ->> 'unanswered',
  c ->> 'unknown'
FROM (SELECT :change::jsonb AS c) asked
ON CONFLICT (organization_id) DO UPDATE
SET working_hours = CASE WHEN :change::jsonb ? 'working_hours' THEN excluded.working_hours ELSE o.working_hours END,
    dates = CASE WHEN :change::jsonb ? 'dates' THEN excluded.dates ELSE o.dates END,
    buffer_before = CASE WHEN :change::jsonb ? 'buffer_before' THEN excluded.buffer_before ELSE o.buffer_before END,
    buffer_after = CASE WHEN :change::jsonb ? 'buffer_after' THEN excluded.buffer_after ELSE o.buffer_after END,
    tentative = CASE WHEN :change::jsonb ? 'tentative' THEN excluded.tentative ELSE o.tentative END,
    unanswered = CASE WHEN :change::jsonb ? 'unanswered' THEN excluded.unanswered ELSE o.unanswered END,
    unknown = CASE WHEN :change::jsonb ? 'unknown' THEN excluded.unknown ELSE o.unknown END,
    updated_at = now();
