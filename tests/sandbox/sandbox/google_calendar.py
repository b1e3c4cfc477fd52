"""Google's Calendar API, version 3: the calendar list.

A further method is a coroutine with `authorised("its.name")`, a row of google_scopes.ACCEPTED
and a route.
"""

from __future__ import annotations

import base64
import hashlib
import json

from aiohttp import web

from .accounts import ROLES, Account, Accounts, Calendar
from .answers import json_answer
from .forms import Parameters, query_of
from .google_errors import calendar_error, insufficient_scope, unauthenticated
from .google_grants import Grants
from .google_scopes import accepted

DEFAULT_PAGE, LARGEST_PAGE = 100, 250
BASE = "/calendar/v3"


def authorised(method: str):
    """Lets a request through to the method when its bearer token has a scope for it."""
    scopes = accepted(method)

    def wrap(handler):
        async def checked(self: "GoogleCalendar", request: web.Request) -> web.Response:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token:
                return unauthenticated(token_given=False)
            grant = self.grants.access(token.strip())
            if grant is None:
                return unauthenticated()
            if not set(scopes) & set(grant.scopes):
                return insufficient_scope(method, scopes)
            return await handler(self, request, self.accounts.ensure(grant.email))
        return checked
    return wrap


def entry(calendar: Calendar, position: int, account: Account) -> dict:
    """A calendar as Google writes it into the list."""
    body = {"kind": "calendar#calendarListEntry",
            "etag": f'"{1_700_000_000_000_000 + (account.version - 1) * 1000 + position}"',
            "id": calendar.id, "summary": calendar.name}
    if calendar.description is not None:
        body["description"] = calendar.description
    if calendar.own_name is not None:
        body["summaryOverride"] = calendar.own_name
    body["timeZone"] = calendar.time_zone
    if calendar.primary:
        body["colorId"] = "14"
    body |= {"backgroundColor": calendar.colour, "foregroundColor": "#000000"}
    if calendar.hidden:
        body["hidden"] = True
    if calendar.selected:
        body["selected"] = True
    body["accessRole"] = calendar.role
    if calendar.primary:
        body |= {"primary": True, "dataOwner": account.email}
    if calendar.role in ("owner", "writer"):
        body["conferenceProperties"] = {"allowedConferenceSolutionTypes": ["hangoutsMeet"]}
    return {**body, **calendar.extra}


def list_etag(account: Account) -> str:
    return f'"p33g9n{account.version - 1 or ""}"'


class Cursor:
    """Page and sync tokens: opaque to clients, bound to the list and query they came from."""

    def __init__(self, account: Account, query: Parameters) -> None:
        bound = sorted((name, value) for name, value in query.pairs
                       if name not in ("pageToken", "syncToken"))
        text = json.dumps([account.sub, account.version, bound])
        self._seal = hashlib.sha256(text.encode()).hexdigest()[:16]

    def write(self, kind: str, offset: int = 0) -> str:
        return base64.urlsafe_b64encode(f"{kind}:{offset}:{self._seal}".encode()).decode()

    def read(self, kind: str, text: str) -> int | None:
        """The offset, or None for a token of another list, version, query or kind."""
        try:
            parts = base64.urlsafe_b64decode(text.encode()).decode().split(":")
        except ValueError:
            return None
        return int(parts[1]) if [kind, self._seal] == [parts[0], parts[-1]] else None


class GoogleCalendar:
    def __init__(self, accounts: Accounts, grants: Grants) -> None:
        self.accounts, self.grants = accounts, grants

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(f"{BASE}/users/me/calendarList", self.list_calendars, name="calendarList")

    @authorised("calendarList.list")
    async def list_calendars(self, request: web.Request, account: Account) -> web.Response:
        query = query_of(request)
        size = query.get("maxResults", str(DEFAULT_PAGE))
        if not (size.isascii() and size.isdigit() and len(size) < 10 and int(size)):
            return bad_parameter("maxResults", size)
        least = query.get("minAccessRole", ROLES[0])
        if least not in ROLES:
            return bad_parameter("minAccessRole", least)
        cursor, sync, page = Cursor(account, query), query.get("syncToken"), query.get("pageToken")
        if sync and cursor.read("sync", sync) is None:
            return calendar_error("fullSyncRequired")
        offset = cursor.read("page", page) if page else 0
        if offset is None:
            return bad_parameter("pageToken", page)
        shown = [] if sync else [
            entry(calendar, number, account)
            for number, calendar in enumerate(account.calendars, 1)
            if (not calendar.hidden or query.get("showHidden") == "true")
            and ROLES.index(calendar.role) >= ROLES.index(least)]
        end = offset + min(int(size), LARGEST_PAGE)
        body = {"kind": "calendar#calendarList", "etag": list_etag(account)}
        if end < len(shown):
            body["nextPageToken"] = cursor.write("page", end)
        else:
            body["nextSyncToken"] = cursor.write("sync")
        return json_answer({**body, "items": shown[offset:end]})


def bad_parameter(name: str, value: str) -> web.Response:
    return calendar_error("invalidParameter", message=f"Invalid value '{value}' for {name}.",
                          place={"locationType": "parameter", "location": name})
