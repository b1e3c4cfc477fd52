"""What must be true of a site's database at any moment, and of the provider's side once all jobs have run."""

from __future__ import annotations

from . import clocks
from .paths import SETTINGS
from .process import wait_until
from .session import Client, notice_of

#: Rules about what the ATS hears of: each finds rows that break it.
CHANGES = {
    "the ATS hears of each switch and each end that is audited":
        "SELECT change, count(*) FROM calendar_changes WHERE change IN ('switched', 'disconnected') GROUP BY 1"
        " HAVING count(*) <> (SELECT count(*) FROM audit_logs WHERE action = 'calendar_integration.' || change)",
    "the ATS hears of each connection once, unless that waits for its calendars to be read":
        "SELECT i.id FROM calendar_integrations i WHERE (SELECT count(*) FROM calendar_changes"
        " WHERE integration_id = i.id AND change IN ('connected', 'switched'))"
        " <> CASE WHEN i.active AND last_error = 'not_validated' AND generation = 1 THEN 0 ELSE 1 END"
        " AND (i.active OR EXISTS ("
        "SELECT FROM calendar_changes WHERE integration_id = i.id AND change <> 'disconnected'))",
    "what the ATS heard last of a user is how they stand":
        "SELECT user_id, change, status FROM (SELECT DISTINCT ON (organization_id, user_id) * FROM calendar_changes"
        " WHERE integration_id IS NOT NULL ORDER BY organization_id, user_id, id DESC) c"
        " WHERE status IS DISTINCT FROM (SELECT status FROM calendar_integrations WHERE id = c.integration_id)",
}
#: A query that finds nothing while the rule holds, by rule.
RULES = {
    "one active integration per user":
        "SELECT organization_id, user_id FROM calendar_integrations WHERE active GROUP BY 1, 2 HAVING count(*) > 1",
    "an inactive integration has no tokens, calendars or jobs but its revocation":
        "SELECT id FROM calendar_integrations i WHERE NOT active AND (status <> 'inactive'"
        " OR access_token_encrypted IS NOT NULL OR refresh_token_encrypted IS NOT NULL OR disconnected_at IS NULL"
        " OR EXISTS (SELECT FROM calendar_integration_calendars WHERE integration_id = i.id)"
        " OR EXISTS (SELECT FROM calendar_jobs WHERE integration_id = i.id AND kind <> 'revoke'))",
    "an active integration has tokens and a status":
        "SELECT id FROM calendar_integrations WHERE active AND (status NOT IN ('connected', 'error', 'expired')"
        " OR access_token_encrypted IS NULL OR refresh_token_encrypted IS NULL OR token_expires_at IS NULL)",
    "tokens are refreshed until their user must reconnect":
        "SELECT id FROM calendar_integrations i"
        " WHERE active AND status <> 'expired' AND refresh_token_encrypted IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM calendar_jobs WHERE integration_id = i.id AND kind = 'refresh')",
    "what wasn't validated is queued for it":
        "SELECT id FROM calendar_integrations i WHERE active AND status = 'error' AND NOT EXISTS"
        " (SELECT FROM calendar_jobs WHERE integration_id = i.id AND kind = 'validate')",
    "what is connected has calendars, no error and nothing to validate":
        "SELECT id FROM calendar_integrations i WHERE status = 'connected' AND (calendar_id IS NULL"
        " OR last_error IS NOT NULL OR error_since IS NOT NULL"
        " OR NOT EXISTS (SELECT FROM calendar_integration_calendars WHERE integration_id = i.id)"
        " OR EXISTS (SELECT FROM calendar_jobs WHERE integration_id = i.id AND kind = 'validate'))",
    "an account in use is known, and nobody is revoking it":
        "SELECT i.id FROM calendar_integrations i LEFT JOIN calendar_grants g USING (account_key)"
        " WHERE i.active AND (g.account_key IS NULL OR g.revoking_until > now())",
    "a job belongs to an integration that is there":
        "SELECT id FROM calendar_jobs j WHERE integration_id IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM calendar_integrations WHERE id = j.integration_id)",
    "a revocation has its own copy of the token and its grant":
        "SELECT id FROM calendar_jobs WHERE kind = 'revoke' AND (token_encrypted IS NULL OR account_key IS NULL"
        " OR grant_generation IS NULL)",
    "a flow that stored names its integration":
        "SELECT flow_id FROM calendar_used_states f WHERE (outcome IN ('connected', 'reconnected', 'switched',"
        " 'validation_failed', 'disconnected'))"
        " <> EXISTS (SELECT FROM calendar_integrations WHERE id = f.integration_id)",
    "an integration is audited as often as it changed":
        "SELECT i.id FROM calendar_integrations i WHERE generation <> (NOT active)::int + (SELECT count(*)"
        " FROM audit_logs WHERE auditable_id::text = i.id::text AND action IN ('calendar_integration.connected',"
        " 'calendar_integration.reconnected', 'calendar_integration.switched'))",
    **CHANGES,
}


def check_rows(site, rules: dict[str, str] = RULES) -> None:
    """Nothing is half-written."""
    broken = {rule: found for rule, sql in rules.items() if (found := site.rows(sql))}
    assert not broken, broken


def run_all_jobs(site) -> None:
    """Works off every revocation, as if leases of the dead and waits were over. None may run meanwhile."""

    def is_done() -> bool:
        clocks.leases_and_waits_over(site)
        assert site.run_jobs().returncode in (0, 4)
        return not site.jobs("revoke")

    wait_until(is_done, "the revocations to be done", 60)


def lost_accounts(site, sandbox) -> list[str]:
    """Accounts with a grant at the provider that no integration uses. To be asked when no revocation waits."""
    used = {row["account"] for row in site.rows("SELECT account FROM calendar_integrations WHERE active")}
    return sorted({grant["account"] for grant in sandbox.live_grants()} - used)


def use_tokens(site, browser: Client, person, sandbox) -> dict:
    """The person's stored tokens open, refresh and read the calendars; returns the provider's grant behind them."""
    row = site.integration(person)
    before = {grant["id"]: grant["refreshes"] for grant in sandbox.state()["grants"]}
    clocks.tokens_expired(site, "id = %s", row["id"])
    fields = browser.page(f"{SETTINGS}/disconnect").form("Disconnect").fields
    clocks.least_pauses_over(site)
    assert notice_of(browser.post(SETTINGS, {**fields, "action": "retry"})) == "connected", row
    (used,) = [grant for grant in sandbox.state()["grants"] if grant["refreshes"] > before.get(grant["id"], 0)]
    assert used["alive"] and used["account"] == row["account"], (used, row)
    return used


def codes_presented(sandbox) -> int:
    """How many codes were exchanged; none of them may have been presented twice."""
    state = sandbox.state()
    presented = state["details"].get("token.authorization_code", 0)
    accepted = max((grant["id"] for grant in state["grants"]), default=0)
    assert presented == accepted, f"{presented - accepted} codes were presented again"
    return presented
