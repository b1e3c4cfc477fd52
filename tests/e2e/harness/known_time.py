"""What is known of somebody's time, put into the database as a sync leaves it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

NOW = "date_trunc('second', now())"
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    """Of a time with an offset."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def text(at: datetime) -> str:
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def soon(days: int = 3, hour: int = 0) -> datetime:
    """A full hour some days from now."""
    today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=days, hours=hour)


def connect(site, person, status: str = "connected", provider: str = "google") -> int:
    """An active integration without tokens or calendars; its id."""
    return site.row("INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key,"
                    " seal_id, status, connected_at) VALUES (%s, %s, %s, 'account', %s, '', %s, now()) RETURNING id",
                    person.organization, person.id, provider, f"key-{person.id}", status)["id"]


def add_calendar(site, person, integration: int, busy=(), age: timedelta = timedelta(0), read: bool = True,
                 name: str = "primary", known_days: tuple[int, int] = (-7, 180), trouble: str | None = None) -> int:
    """A ticked calendar with busy time (start, end, and the kind where it isn't "busy"); the id of its sync."""
    site.execute("INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name,"
                 " access_role, is_primary, sync) VALUES (%s, %s, %s, %s, 'owner', %s, true)", person.organization,
                 integration, name, name, name == "primary")
    sync = site.row("SELECT id FROM calendar_syncs WHERE organization_id = %s AND integration_id = %s"
                    " AND calendar_id = %s", person.organization, integration, name)["id"]
    if read:
        site.execute(f"UPDATE calendar_syncs SET last_synced_at = {NOW} - %s, known_from = current_date + %s,"
                     " known_until = current_date + %s WHERE id = %s", age, *known_days, sync)
    site.execute("UPDATE calendar_syncs SET trouble = %s WHERE id = %s", trouble, sync)
    for number, (start, end, *kind) in enumerate(busy):
        site.execute("INSERT INTO calendar_busy_intervals VALUES (%s, %s, %s, %s, %s, %s)", person.organization, sync,
                     f"event-{number}", *(kind or ["busy"]), start, end)
    return sync


def keep(site, person, start: datetime, end: datetime, ref: str = "ref", count: int = 1) -> None:
    """Holds of that time, for an hour, as if the ATS had asked for them."""
    site.execute("WITH made AS (INSERT INTO calendar_holds (organization_id, id, ref, user_ids, starts_at, ends_at,"
                 " expires_at) SELECT %s, lpad(n::text, 22, 'A'), %s, ARRAY[%s], %s, %s, now() + interval '1 hour'"
                 " FROM generate_series(1, %s) AS n RETURNING *)"
                 " INSERT INTO calendar_hold_people (organization_id, user_id, hold_id, starts_at, ends_at, expires_at)"
                 " SELECT organization_id, user_ids[1], id, starts_at, ends_at, expires_at FROM made",
                 person.organization, ref, person.id, start, end, count)


def know(site, person, busy=(), status: str = "connected", **calendar) -> int:
    """Somebody with one calendar; the id of its sync."""
    return add_calendar(site, person, connect(site, person, status), busy, **calendar)
