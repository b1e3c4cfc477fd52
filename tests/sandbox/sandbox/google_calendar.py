"""Google's list of an account's calendars."""

from __future__ import annotations

from aiohttp import web

from . import cursors
from .accounts import ROLES, Account, Calendar
from .google_api import BASE, Api, Call
from .google_conference import allowed
from .google_errors import Refusal

DEFAULT_PAGE, LARGEST_PAGE = 100, 250
#: What can't go with a sync token (Calendar API reference, calendarList.list).
NOT_WITH_SYNC = ("minAccessRole", "showOwnOrganizationOnly")


def entry(calendar: Calendar, position: int, account: Account) -> dict:
    """A calendar as Google writes it into the list."""
    version = account.changed.get(calendar.id, 1)
    body = {"kind": "calendar#calendarListEntry",
            "etag": f'"{1_700_000_000_000_000 + (version - 1) * 1000 + position}"',
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
        body["conferenceProperties"] = {"allowedConferenceSolutionTypes": allowed(calendar)}
    return {**body, **calendar.extra}


def list_etag(account: Account) -> str:
    return f'"p33g9n{account.version - 1 or ""}"'


def gone(calendar_id: str) -> dict:
    return {"kind": "calendar#calendarListEntry", "etag": '"0"', "id": calendar_id, "deleted": True}


class GoogleCalendar:
    def __init__(self, api: Api) -> None:
        self._api = api

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(f"{BASE}/users/me/calendarList", self._serve, name="calendarList")

    async def _serve(self, http: web.Request) -> web.Response:
        return await self._api.serve(http, "calendarList.list", self.list)

    async def list(self, call: Call) -> dict:
        """Pages are of the list as it is; a sync token is of the change up to which the whole list was told."""
        query, account = call.query, call.account
        size, least = int(query.get("maxResults", str(DEFAULT_PAGE))), query.get("minAccessRole", ROLES[0])
        if size < 1:
            raise Refusal.of_parameter("maxResults", query.get("maxResults"))
        if least not in ROLES:
            raise Refusal.of_parameter("minAccessRole", least)
        sync, page = query.get("syncToken"), query.get("pageToken")
        if sync and (clash := next((name for name in NOT_WITH_SYNC if query.all(name)), None)):
            raise Refusal("badRequest", message=f"Sync token cannot be used with {clash}.")
        bound = cursors.seal(account.sub, account.list_generation)
        since = cursors.read("calendars", bound, sync, 1) if sync else [0]
        if since is None:
            raise Refusal("fullSyncRequired")
        paged = cursors.seal(bound, sorted(pair for pair in query.pairs if pair[0] not in ("pageToken", "maxResults")))
        begin = cursors.read("page", paged, page, 2) if page else [0, account.version]
        if begin is None:
            raise Refusal.of_parameter("pageToken", page)
        offset, version = begin
        if any(calendar.extra for calendar in account.calendars):
            call.http["odd"] = True
        shown = self._changed(account, since[0]) if sync else self._all(account, query, least)
        end = offset + min(size, LARGEST_PAGE)
        body = {"kind": "calendar#calendarList", "etag": list_etag(account)}
        if end < len(shown):
            body["nextPageToken"] = cursors.write("page", paged, end, version)
        else:
            body["nextSyncToken"] = cursors.write("calendars", bound, version)
        return {**body, "items": shown[offset:end]}

    @staticmethod
    def _all(account: Account, query, least: str) -> list[dict]:
        hidden, deleted = query.get("showHidden") == "true", query.get("showDeleted") == "true"
        shown = [entry(calendar, number, account) for number, calendar in enumerate(account.calendars, 1)
                 if (not calendar.hidden or hidden) and ROLES.index(calendar.role) >= ROLES.index(least)]
        return shown + ([gone(name) for name in account.removed] if deleted else [])

    @staticmethod
    def _changed(account: Account, since: int) -> list[dict]:
        """Also what is hidden and what is gone."""
        return [entry(calendar, number, account) for number, calendar in enumerate(account.calendars, 1)
                if account.changed.get(calendar.id, 1) > since] + [
                    gone(name) for name, version in account.removed.items() if version > since]
