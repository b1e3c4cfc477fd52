"""Time that has passed, as the database knows it: what a test would have to wait for is made so long ago."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from .process import wait_until


class MovingClock:
    """A file that the programs started with it have their time from: this machine's, and some days."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.move(timedelta())

    def move(self, ahead: timedelta) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(f"+{ahead // timedelta(seconds=1)}\n", encoding="ascii")
        new.chmod(0o644)
        os.replace(new, self.path)


def tokens_expired(site, where: str = "true", *values, **columns: str) -> None:
    """Access tokens that ended a minute ago. Further columns are set with them: status="error"."""
    changes = "".join(f", {column} = %s" for column in columns)
    site.execute(f"UPDATE calendar_integrations SET token_expires_at = now() - interval '1 minute'{changes}"
                 f" WHERE {where}",
                 *columns.values(), *values)


def jobs_due(site, kind: str = "", at: str = "now()") -> None:
    """Every job of the kind, or of all, is due then: an SQL expression."""
    site.execute(f"UPDATE calendar_jobs SET due_at = {at} WHERE %s IN ('', kind)", kind)


def leases_and_waits_over(site) -> None:
    """Whoever had claimed a job is never heard of again; the next claim takes all of them."""
    site.execute("UPDATE calendar_jobs SET lease_until = now(), retry_at = NULL, due_at = now()")
    revocations_forgotten(site)


def revocations_forgotten(site) -> None:
    """Whoever was about to revoke a grant is never heard of again."""
    site.execute("UPDATE calendar_grants SET revoking_until = now() WHERE revoking_until IS NOT NULL")


def refreshes_expired_and_due(site, where: str) -> None:
    """Access tokens of integrations `i` have ended, and their refreshes are due, in an order of chance."""
    site.execute(f"WITH expired AS (UPDATE calendar_integrations i SET token_expires_at = now() - interval '1 minute'"
                 f" WHERE {where} RETURNING organization_id, id)"
                 " UPDATE calendar_jobs j SET due_at = now() - random() * interval '1 minute' FROM expired"
                 " WHERE j.organization_id = expired.organization_id AND integration_id = expired.id"
                 " AND kind = 'refresh'")


def refreshes_waited(site) -> None:
    """What was put off, and nobody has, is due now."""
    site.execute("UPDATE calendar_jobs SET due_at = least(due_at, now()), retry_at = NULL WHERE kind = 'refresh'"
                 " AND attempts > 0 AND (due_at > now() OR retry_at > now())"
                 " AND (lease_until IS NULL OR lease_until < now())")


def refresh_leases_over(site) -> None:
    site.execute("UPDATE calendar_jobs SET lease_owner = NULL, lease_until = NULL WHERE kind = 'refresh'")


def time_passed(site, seconds: float) -> None:
    """All that the database has noted of integrations and jobs lies so much further back."""
    for table, columns in {"calendar_integrations": ("token_expires_at", "error_since"),
                           "calendar_jobs": ("due_at", "created_at", "lease_until", "retry_at")}.items():
        changes = ", ".join(f"{column} = {column} - make_interval(secs => {seconds})" for column in columns)
        site.execute(f"UPDATE {table} SET {changes}")


def next_probe(site) -> None:
    """A minute has passed since what waits for the operator was tried last."""
    site.execute("UPDATE calendar_breakers SET probe_at = now()")


def trouble_began_earlier(site, by: str) -> None:
    """Whatever fails has done so for longer."""
    site.execute("UPDATE calendar_integrations SET error_since = error_since - %s::interval", by)


def list_was_read(site, ago: str) -> None:
    site.execute("UPDATE calendar_integration_calendars SET listed_at = now() - %s::interval", ago)


def chores_due(site, *chores: str) -> None:
    """These, or all."""
    site.execute("UPDATE calendar_chores SET due_at = now() WHERE chore = ANY (%s) OR %s", list(chores), not chores)


def kept_for_long_enough(site) -> None:
    """What retention drops: changes that were told of, flows that are over."""
    site.execute("UPDATE calendar_changes SET created_at = now() - interval '8 days'")
    site.execute("UPDATE calendar_used_states SET expires_at = now() - interval '1 second'")


def tried_passwords_are_forgotten(site) -> None:
    site.execute("UPDATE calendar_password_tries SET expires_at = now() - interval '1 second'")


def least_pauses_over(site) -> None:
    """Whoever did something may do the same again."""
    site.execute("DELETE FROM calendar_password_tries WHERE (organization_id, subject) IN"
                 " (SELECT organization_id, subject"
                 " FROM calendar_password_tries WHERE subject LIKE 'pause/%' FOR UPDATE SKIP LOCKED)")


def post_beside_others(site, browser, address: str, fields: dict[str, str]):
    """A form that is sent while the same one is being answered, by somebody who has waited; its answer comes later."""
    least_pauses_over(site)
    answer = browser.post_in_background(address, fields)
    wait_until(lambda: site.rows("SELECT 1 FROM calendar_password_tries WHERE subject LIKE 'pause/%'"),
               "its turn")
    return answer


def passwords_were_tried(site, ago: str) -> None:
    site.execute("UPDATE calendar_password_tries SET tries = ARRAY(SELECT t - %s::interval FROM unnest(tries) t)", ago)
