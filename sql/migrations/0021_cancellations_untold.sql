-- Nothing more is told to a connection that has ended: what is in its calendar stays there, and its job has gone with it.
CREATE OR REPLACE FUNCTION calint_strand_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH stranded AS (
    UPDATE calendar_events
    SET status = CASE WHEN status = 'pending' THEN 'failed' ELSE status END,
        unsent = CASE WHEN status = 'pending' THEN unsent ELSE '{}' END,
        problem = 'organiser_disconnected',
        problem_detail = 'the organiser''s calendar was disconnected before it was told',
        problem_since = now(),
        updated_at = now()
    WHERE organization_id = NEW.organization_id
      AND integration_id = NEW.id
      AND (status = 'pending' OR 'cancel' = ANY (unsent))
    RETURNING *
  ),
  free AS (
    UPDATE calendar_event_people p
    SET takes_time = false
    FROM stranded e
    WHERE p.organization_id = e.organization_id
      AND p.event_id = e.id
      AND 'create' = ANY (e.unsent)
  )
  INSERT INTO calendar_changes (organization_id, user_id, integration_id, change, detail)
  SELECT organization_id, user_id, integration_id,
    CASE WHEN status = 'failed' THEN 'event_failed' ELSE 'event_updated' END,
    calint_event_detail(id, interview_ref, CASE WHEN status = 'failed' THEN 'failed' ELSE 'problem' END)
  FROM stranded;
  RETURN NULL;
END
$$;

-- A cancelled interview that its calendar wasn't told of is looked for by its connection too.
DROP INDEX calendar_events_integration;
CREATE INDEX calendar_events_integration ON calendar_events (organization_id, integration_id, ends_at);
