"""What the commit 0cabb24 sent to the database, over the schema that it had: what later states are measured against."""

from __future__ import annotations

import re
from pathlib import Path

from ground import Ground
from harness import places
from statements import Script, pgbench

MIGRATIONS = 4
CONSTANT = re.compile(r"^-- :(\w+) = (.+)$", re.MULTILINE)
#: As long as the module's, in hexadecimal.
TOKENS = {"access_token": "\\x" + "a5" * 263, "refresh_token": "\\x" + "5a" * 148}


def script(name: str) -> tuple[Path, dict[str, str]]:
    """And its constants."""
    path = Path(__file__).with_name(name)
    return path, {**dict(CONSTANT.findall(path.read_text(encoding="utf-8"))), **TOKENS}


class FormerSite:
    """A database alone. The ATS's side is as it is made today."""

    ATS = """SELECT 'CREATE VIEW calint_users AS ' || pg_get_viewdef('calint_users'::regclass) AS made
             UNION ALL SELECT pg_get_functiondef('calint_audit'::regproc)"""

    def __init__(self, ground: Ground) -> None:
        self.database = ground.cluster.create_database()
        self._connection = ground.cluster.connect(self.database)
        sql = places.ROOT / "sql"
        migrations = sorted((sql / "migrations").glob("*.sql"))[:MIGRATIONS]
        for path in (sql / "ats_users.sql", sql / "ats_audit_logs.sql", *migrations):
            self.execute(path.read_text(encoding="utf-8"))
        for row in ground.site.rows(self.ATS):
            self.execute(row["made"])

    def execute(self, sql: str, *values) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)


class FormerCallbacks(Script):
    def __init__(self, ground: Ground) -> None:
        super().__init__(*script("callback_0cabb24.sql"))
        self._site = FormerSite(ground)

    def run(self, ground: Ground, count: int, concurrency: int) -> float:
        return self.run_in(ground, self._site, count, concurrency)

    def analyze(self) -> None:
        self._site.execute("ANALYZE")


class FormerRefreshes:
    """Of so many connections of one organisation, all due at once."""

    MADE = """
INSERT INTO calendar_oauth_clients (organization_id, provider, client_id)
  VALUES ('', 'google', '1234567890-example.apps.googleusercontent.com');
INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key, oauth_client_id, seal_id,
    status, scopes, access_token_encrypted, refresh_token_encrypted, token_expires_at, connected_at, calendar_id,
    refresh_due_at)
  SELECT '1', n::text, 'google', 'avery@example.com', md5(n::text) || md5(n::text), 1, 'seal', 'connected',
         'openid email', %s::text::bytea, %s::text::bytea, now() + interval '1 hour', now(), 'avery@example.com', now()
    FROM generate_series(1, %s) AS n
"""
    DUE = """
DELETE FROM calendar_jobs;
UPDATE calendar_integrations SET refresh_attempts = 0, refresh_due_at = now() - interval '1 hour' + id * interval '1 us'
"""

    def __init__(self, ground: Ground, size: int) -> None:
        self._path, self._constants = script("refresh_0cabb24.sql")
        self._site, self._size = FormerSite(ground), size
        self._site.execute(self.MADE, TOKENS["access_token"], TOKENS["refresh_token"], size)
        self._site.execute("ANALYZE")

    def run(self, ground: Ground, clients: int) -> float:
        """Refreshes a second, through each integration once."""
        self._site.execute(self.DUE)
        variables = {**self._constants, "first": "1", "count": str(self._size), "clients": str(clients), "n": "-1"}
        return pgbench(ground, self._site.database, {self._path: 1}, variables, clients, self._size // clients)
