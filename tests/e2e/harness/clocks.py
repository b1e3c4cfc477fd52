"""Time that has passed, as the database knows it: what a test would have to wait for is made so long ago."""

from __future__ import annotations


def tokens_expired(site, where: str = "true", *values, **columns: str) -> None:
    """Access tokens that ended a minute ago. Further columns are set with them: status="error"."""
    changes = "".join(f", {column} = %s" for column in columns)
    site.execute(f"UPDATE calendar_integrations SET token_expires_at = now() - interval '1 minute'{changes} WHERE {where}",
                 *columns.values(), *values)


def refreshes_due(site, at: str = "now()") -> None:
    """Every refresh that is to come is due then, an SQL expression."""
    site.execute(f"UPDATE calendar_jobs SET due_at = {at} WHERE kind = 'refresh'")


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


def passwords_were_tried(site, ago: str) -> None:
    site.execute("UPDATE calendar_password_tries SET tries = ARRAY(SELECT t - %s::interval FROM unnest(tries) t)", ago)
