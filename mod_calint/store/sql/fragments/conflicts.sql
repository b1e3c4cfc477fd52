-- What is in the way of "asked" (people, starts_at, ends_at): holds but for :hold_id, interviews but for :event_id, and what
-- their calendars say, by the organisation's rules. For WITH.
conflicts AS (
  SELECT h.user_id, h.starts_at, h.ends_at, 'hold' AS why
  FROM asked
  JOIN calendar_hold_people h
    ON h.organization_id = :organization_id
    AND h.user_id = ANY (asked.people)
    AND h.starts_at < asked.ends_at
    AND h.ends_at > asked.starts_at
  WHERE h.hold_id IS DISTINCT FROM :hold_id::text
    AND
    \ir live_hold.sql
  UNION ALL
  SELECT p.user_id, p.starts_at, p.ends_at, 'interview'
  FROM asked
  JOIN calendar_event_people p
    ON p.organization_id = :organization_id
    AND p.user_id = ANY (asked.people)
    AND p.starts_at < asked.ends_at
    AND p.ends_at > asked.starts_at
  WHERE p.takes_time
    AND p.event_id IS DISTINCT FROM :event_id::text
  UNION ALL
  SELECT taker, b.starts_at, b.ends_at, CASE WHEN b.kind = 'oof' THEN 'out_of_office' ELSE b.kind END
  FROM asked
  CROSS JOIN unnest(asked.people) AS taker
  JOIN calendar_integrations i
    ON i.organization_id = :organization_id
    AND i.user_id = taker
    AND i.active
  JOIN calendar_syncs s
    ON s.organization_id = i.organization_id
    AND s.integration_id = i.id
  JOIN calendar_busy_intervals b
    ON b.organization_id = s.organization_id
    AND b.sync_id = s.id
    AND b.starts_at < asked.ends_at
    AND b.ends_at > asked.starts_at
  LEFT JOIN calendar_organization_settings o
    ON o.organization_id = :organization_id
  WHERE NOT (b.kind = 'tentative' AND coalesce(o.tentative, 'busy') = 'free')
    AND NOT (b.kind = 'unanswered' AND coalesce(o.unanswered, 'busy') = 'free')
    AND NOT (
      \ir is_ours.sql
    )
)
