-- What the operator has to mend for many at once: an OAuth client that its provider refuses, a key that is missing. One row
-- from the first refusal until all that waited is due again. organization_id is the OAuth client's; '' for the server's
-- and for keys.
--
-- subject: client/<row of calendar_oauth_clients>, calendars/<the same> where only the calendars are refused, or key/<id>.
-- kinds: of the jobs that wait; the first one shows whether it works again. lane: where they wait. name: as the log names
-- it. mark: of the secret that was refused, by which another one is told apart; never the secret.
-- closed_at: since when it works; what waited is being made due, over `spread`.
CREATE TABLE calendar_breakers (
  organization_id text        NOT NULL DEFAULT '',
  subject         text        NOT NULL,
  provider        text,
  kinds           text[]      NOT NULL,
  lane            text        NOT NULL,
  name            text        NOT NULL,
  mark            text        NOT NULL DEFAULT '',
  reason          text        NOT NULL,
  opened_at       timestamptz NOT NULL DEFAULT now(),
  probe_at        timestamptz NOT NULL,
  closed_at       timestamptz,
  spread          interval    NOT NULL DEFAULT '0',
  PRIMARY KEY (organization_id, subject)
);

-- Jobs of an organisation's own client, whose lane many share, wait in one of their breaker's.
CREATE OR REPLACE FUNCTION calint_lane() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.lane := coalesce(
    (SELECT CASE
       WHEN c.organization_id = '' THEN NEW.provider || '/' || c.id
       ELSE (
         SELECT b.lane
         FROM calendar_breakers b
         WHERE b.organization_id = c.organization_id
           AND b.subject IN ('client/' || c.id, 'calendars/' || c.id)
           AND NEW.kind = ANY (b.kinds)
           AND b.closed_at IS NULL
         ORDER BY b.subject DESC
         LIMIT 1) END
     FROM calendar_integrations i
     JOIN calendar_oauth_clients c
       ON c.organization_id IN ('', i.organization_id)
       AND c.id = i.oauth_client_id
     WHERE NEW.kind <> 'revoke'
       AND i.organization_id = NEW.organization_id
       AND i.id = NEW.integration_id),
    NEW.provider);
  RETURN NEW;
END
$$;
