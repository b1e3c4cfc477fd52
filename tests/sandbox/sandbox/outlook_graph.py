"""Graph's calls about an account: who it is, its mailbox's settings, its calendars."""

from __future__ import annotations

from aiohttp import web

from .accounts import Account
from .outlook_api import BASE, Api, Call, lead_on, paging, selected
from .outlook_calendars import entry
from .outlook_errors import GraphRefusal
from .outlook_identity import object_of
from .zones import windows_name

DEFAULT_PAGE = 10


def settings(account: Account) -> dict:
    zone = windows_name(account.time_zone)
    midnight = {"dateTime": "2026-01-01T00:00:00.0000000", "timeZone": "UTC"}
    return {"archiveFolder": "AAMkARCHIVE=", "timeZone": zone, "userPurpose": "user",
            "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly", "dateFormat": "dd.MM.yyyy",
            "timeFormat": "HH:mm", "language": {"locale": "en-US", "displayName": "English (United States)"},
            "automaticRepliesSetting": {
                "status": "disabled", "externalAudience": "all", "internalReplyMessage": "",
                "externalReplyMessage": "", "scheduledStartDateTime": midnight, "scheduledEndDateTime": midnight},
            "workingHours": working_hours(zone)}


def working_hours(zone: str) -> dict:
    return {"daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"], "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000", "timeZone": {"name": zone}}


class OutlookGraph:
    def __init__(self, api: Api) -> None:
        self._api = api

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for name, handler in (("outlook.me", self.me), ("outlook.mailbox", self.mailbox),
                              ("outlook.calendars", self.calendars), ("outlook.calendar", self.calendar)):
            self._api.add(router, name, handler)

    async def me(self, call: Call) -> dict:
        account = call.account
        body = {"id": object_of(account), "displayName": account.name,
                "mail": account.email if account.mailbox else None, "userPrincipalName": account.email}
        return {"@odata.context": f"{call.origin}{BASE}/$metadata#users/$entity", **selected(body, call.query)}

    async def mailbox(self, call: Call) -> dict | web.Response:
        body = settings(call.account)
        if call.http.match_info["one"]:
            body = {"value": body["timeZone"]}
            call.http["odd"] = True
        return {"@odata.context": f"{call.context}/mailboxSettings", **selected(body, call.query)}

    async def calendars(self, call: Call) -> dict:
        (top, skip), known = paging(call, DEFAULT_PAGE), call.account.calendars
        call.http["odd"] = any(one.extra for one in known)
        end = skip + top
        body = {"@odata.context": f"{call.context}/calendars",
                "value": [selected(entry(call.account, one), call.query) for one in known[skip:end]]}
        lead_on(call, body, f"{call.origin}{BASE}/me/calendars?$top={top}&$skip={end}", end < len(known))
        return body

    async def calendar(self, call: Call) -> dict:
        if call.calendar is None:
            raise GraphRefusal("ErrorItemNotFound")
        call.http["odd"] = bool(call.calendar.extra)
        return {"@odata.context": f"{call.context}/calendars/$entity",
                **selected(entry(call.account, call.calendar), call.query)}
