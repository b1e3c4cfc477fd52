"""Calendars of a mailbox as Graph names and shows them."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from .accounts import Account, Calendar
from .outlook_identity import PERSONAL_TENANT, tenant_of
from .signing import base64url

WRITERS = ("writer", "writerWithoutPrivateAccess", "owner")


def calendar_id(account: Account, calendar: Calendar) -> str:
    """Opaque, and the same as long as the calendar is in the account."""
    return calendar.id if calendar.id.startswith("AAMk") else _made_id(account.sub, calendar.id)


@lru_cache(maxsize=10_000)
def _made_id(sub: str, name: str) -> str:
    digest = hashlib.sha256(f"{sub} {name}".encode()).digest()
    return f"AAMk{base64url(digest * 3)[:115]}="


def providers(account: Account, calendar: Calendar) -> list[str]:
    """Of online meetings; personal accounts have none."""
    if "allowedOnlineMeetingProviders" in calendar.extra:
        return calendar.extra["allowedOnlineMeetingProviders"]
    return ["teamsForBusiness"] if calendar.role in WRITERS and tenant_of(account) != PERSONAL_TENANT else []


def entry(account: Account, calendar: Calendar) -> dict:
    """A calendar as Graph writes it into the list."""
    mine, writable = calendar.role == "owner", calendar.role in WRITERS
    name = "Calendar" if calendar.primary and calendar.name == account.email else calendar.name
    key = hashlib.sha256(f"{calendar.id} {account.version}".encode()).digest()[:16]
    allowed = providers(account, calendar)
    owner = {"name": account.name if mine else calendar.name,
             "address": account.email if mine else f"{calendar.name.casefold()}@example.com"}
    return {"id": calendar_id(account, calendar), "name": calendar.own_name or name,
            "color": "auto", "hexColor": "" if calendar.primary else calendar.colour,
            "isDefaultCalendar": calendar.primary, "changeKey": base64url(key) + "==",
            "canShare": mine, "canViewPrivateItems": writable, "canEdit": writable,
            "allowedOnlineMeetingProviders": allowed,
            "defaultOnlineMeetingProvider": allowed[0] if allowed else "unknown",
            "isTallyingResponses": calendar.primary, "isRemovable": not calendar.primary,
            "owner": owner, **calendar.extra}
