"""Microsoft Graph, version 1.0: the calendars of a mailbox."""

from __future__ import annotations

import hashlib

from aiohttp import web

from .accounts import Account, Accounts, Calendar
from .forms import query_of
from .outlook_errors import graph_answer, graph_error, unauthenticated
from .outlook_grants import OutlookGrants
from .outlook_identity import object_of
from .signing import base64url

BASE = "/v1.0"
DEFAULT_PAGE, LARGEST_PAGE = 10, 1000
WRITERS = ("writer", "writerWithoutPrivateAccess", "owner")
SCOPES = {"Calendars.Read", "Calendars.ReadWrite"}


def calendar_id(account: Account, calendar: Calendar) -> str:
    """Opaque, and the same as long as the calendar is in the account."""
    if calendar.id.startswith("AAMk"):
        return calendar.id
    digest = hashlib.sha256(f"{account.sub} {calendar.id}".encode()).digest()
    return f"AAMk{base64url(digest * 3)[:115]}="


def entry(account: Account, calendar: Calendar) -> dict:
    """A calendar as Graph writes it into the list."""
    mine, writable = calendar.role == "owner", calendar.role in WRITERS
    name = "Calendar" if calendar.primary and calendar.name == account.email else calendar.name
    key = hashlib.sha256(f"{calendar.id} {account.version}".encode()).digest()[:16]
    owner = {"name": account.name if mine else calendar.name,
             "address": account.email if mine else f"{calendar.name.casefold()}@example.com"}
    return {"id": calendar_id(account, calendar), "name": calendar.own_name or name,
            "color": "auto", "hexColor": "" if calendar.primary else calendar.colour,
            "isDefaultCalendar": calendar.primary, "changeKey": base64url(key) + "==",
            "canShare": mine, "canViewPrivateItems": writable, "canEdit": writable,
            "allowedOnlineMeetingProviders": ["teamsForBusiness"] if writable else [],
            "defaultOnlineMeetingProvider": "teamsForBusiness" if writable else "unknown",
            "isTallyingResponses": calendar.primary, "isRemovable": not calendar.primary,
            "owner": owner, **calendar.extra}


class OutlookGraph:
    def __init__(self, accounts: Accounts, grants: OutlookGrants) -> None:
        self._accounts, self._grants = accounts, grants

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(f"{BASE}/me/calendars", self.calendars, name="outlook.calendars")

    def features(self, http: web.Request) -> dict[str, str]:
        scheme, _, token = http.headers.get("Authorization", "").partition(" ")
        grant = self._grants.access(token.strip()) if scheme.lower() == "bearer" else None
        return {"account": self._accounts.ensure(grant.email).email} if grant else {}

    async def calendars(self, http: web.Request) -> web.Response:
        origin = f"{http.scheme}://{http.host}"
        scheme, _, token = http.headers.get("Authorization", "").partition(" ")
        grant = self._grants.access(token.strip()) if scheme.lower() == "bearer" else None
        if grant is None:
            return unauthenticated(origin)
        if not SCOPES & set(grant.scopes):
            return graph_error("ErrorAccessDenied")
        account = self._accounts.ensure(grant.email)
        if not account.mailbox:
            return graph_error("MailboxNotEnabledForRESTAPI")
        query = query_of(http)
        top, skip = query.get("$top", str(DEFAULT_PAGE)), query.get("$skip", "0")
        if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in (top, skip)) or not (
                1 <= int(top) <= LARGEST_PAGE):
            return graph_error("ErrorInvalidUrlQuery")
        end = int(skip) + int(top)
        body = {"@odata.context": f"{origin}{BASE}/$metadata#users('{object_of(account)}')/calendars",
                "value": [entry(account, one) for one in account.calendars[int(skip):end]]}
        link = f"{origin}{BASE}/me/calendars?$top={top}&$skip={end}"
        fault = http["faults"].behaviour("next_link")
        if fault:
            own = f"{origin}{http.path_qs}"
            body["@odata.nextLink"] = {"loop": own, "endless": link}.get(fault["link"], fault["link"])
        elif end < len(account.calendars):
            body["@odata.nextLink"] = link
        return graph_answer(body)
