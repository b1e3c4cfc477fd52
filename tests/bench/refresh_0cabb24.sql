-- What background refreshes of the commit 0cabb24 sent, over its schema (sql/migrations/0001 to 0004), where due time and
-- attempts stand in the wide row: a claim for ten refreshes, and for each one statement that stores its tokens. What later
-- commits are measured against; former.py runs it. Not to be kept up to date.
--
-- \set n, first, count and clients are the caller's, and the sealed tokens, as long as the real ones. Constants:
-- :organization = 1
-- :provider = google
-- :owner = node/worker/1
-- :seal = seal
-- :expires = 2036-11-30 14:28:25.615566+00
-- :due = 2036-11-30 14:18:25.615566+00
\set n :n + 1
\set id :first + (:client_id + :clients * :n) % :count
\set claims :n % 10
\if :claims = 0
WITH RECURSIVE sample AS (
  SELECT organization_id
  FROM calendar_integrations
  WHERE provider = :provider AND active AND status <> 'expired' AND refresh_due_at IS NOT NULL AND refresh_due_at <= now()
  ORDER BY refresh_due_at
  LIMIT 256
),
crowd AS (SELECT count(*) = 256 AS is FROM sample),
organizations (o, n) AS (
  SELECT ''::text, 0 FROM crowd WHERE crowd.is
  UNION ALL
  SELECT (
    SELECT CASE WHEN provider = :provider THEN organization_id END
    FROM calendar_integrations
    WHERE active AND status <> 'expired' AND refresh_due_at IS NOT NULL AND (provider, organization_id) > (:provider, o)
    ORDER BY provider, organization_id
    LIMIT 1), n + 1
  FROM organizations
  WHERE o IS NOT NULL AND n < 64
),
turn (o) AS (SELECT coalesce(max(o) FILTER (WHERE n = 64), '') FROM organizations),
busy (o) AS (
  SELECT organization_id FROM sample
  UNION
  SELECT o
  FROM organizations
  WHERE o IS NOT NULL
    AND EXISTS (
      SELECT
      FROM calendar_integrations
      WHERE provider = :provider AND active AND status <> 'expired' AND refresh_due_at IS NOT NULL
        AND organization_id = o AND refresh_due_at <= now())
),
chosen AS (SELECT o FROM busy ORDER BY random() LIMIT 10),
locked AS (
  SELECT o, one.id, row_number() OVER (PARTITION BY o ORDER BY due) AS round
  FROM chosen, LATERAL (
    SELECT id, refresh_due_at AS due
    FROM calendar_integrations
    WHERE provider = :provider AND active AND status <> 'expired' AND refresh_due_at IS NOT NULL
      AND organization_id = o AND refresh_due_at <= now()
    ORDER BY refresh_due_at
    LIMIT 10
    FOR UPDATE SKIP LOCKED) one
),
taken AS (SELECT o, id AS i FROM locked ORDER BY round, random() LIMIT 10),
leased AS (
  INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, lease_owner, lease_until)
  SELECT i.organization_id, 'refresh', i.id, i.user_id, i.provider, :owner, now() + make_interval(secs => 45)
  FROM taken
  JOIN calendar_integrations i ON i.organization_id = o AND i.id = taken.i
  ON CONFLICT (organization_id, integration_id, kind)
    WHERE given_up_at IS NULL AND integration_id IS NOT NULL AND kind <> 'revoke'
  DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
    WHERE calendar_jobs.lease_until IS NULL OR calendar_jobs.lease_until < now()
  RETURNING organization_id, integration_id
),
claimed AS (
  UPDATE calendar_integrations i
  SET refresh_attempts = refresh_attempts + ours::int,
      refresh_due_at = CASE
        WHEN ours THEN now() + calint_backoff(refresh_attempts, 30, 3600)
        ELSE coalesce((
          SELECT lease_until
          FROM calendar_jobs j
          WHERE j.organization_id = t.o AND j.integration_id = t.i AND kind = 'refresh' AND given_up_at IS NULL),
          now() + interval '5 seconds') END
  FROM (
    SELECT o, i, integration_id IS NOT NULL AS ours
    FROM taken
    LEFT JOIN leased ON organization_id = o AND integration_id = i) t
  WHERE i.organization_id = t.o AND i.id = t.i
  RETURNING i.*, ours
)
SELECT (SELECT o FROM turn) AS turn, i.refresh_attempts, i.id, i.organization_id AS integration_organization, i.user_id,
  i.provider, i.account, i.account_key, c.id AS client_row, c.organization_id AS client_organization,
  c.provider AS client_provider, c.client_id, c.version AS client_version, c.tenant AS client_tenant,
  c.secret_encrypted AS client_secret, c.seal_id AS client_seal, i.access_token_encrypted, i.refresh_token_encrypted,
  i.token_expires_at, i.seal_id, i.generation, i.status, i.last_error, i.error_since, i.connected_at, i.last_synced_at,
  i.calendar_id, i.calendar_home
FROM claimed i
LEFT JOIN calendar_oauth_clients c ON c.id = i.oauth_client_id AND c.organization_id IN ('', i.organization_id)
WHERE ours;
\endif
WITH kept AS (
  UPDATE calendar_integrations
  SET access_token_encrypted = :access_token, refresh_token_encrypted = :refresh_token, seal_id = :seal,
    token_expires_at = :expires, refresh_due_at = :due, refresh_attempts = 0,
    oauth_client_id = coalesce(nullif(0::bigint, 0), oauth_client_id), updated_at = now()
  WHERE organization_id = :organization AND id = :id AND generation = 1 AND seal_id = :seal AND active
  RETURNING id
),
ended AS (
  DELETE FROM calendar_jobs
  USING kept
  WHERE organization_id = :organization AND integration_id = kept.id AND kind = 'refresh' AND lease_owner = :owner
    AND given_up_at IS NULL
)
SELECT calint_require(EXISTS (SELECT FROM kept));
