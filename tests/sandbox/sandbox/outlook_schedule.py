"""getSchedule: when mailboxes are taken, each as a whole; not for personal accounts."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiohttp import web

from .accounts import Account
from .outlook_api import BASE, Api, Call
from .outlook_errors import GraphRefusal
from .outlook_graph import working_hours
from .outlook_identity import PERSONAL_TENANT, tenant_of
from .outlook_times import local_of, shown
from .recurrence import Times
from .zones import UTC, instant, windows_name

LONGEST = timedelta(days=62)
MOST = 100
DIGITS = {"free": "0", "workingElsewhere": "0", "tentative": "1", "busy": "2", "oof": "3", "unknown": "2"}


class OutlookSchedule:
    def __init__(self, api: Api) -> None:
        self._api = api

    def add_routes(self, router: web.UrlDispatcher) -> None:
        self._api.add(router, "outlook.schedule", self.schedule)

    async def schedule(self, call: Call) -> dict:
        body = call.body
        if tenant_of(call.account) == PERSONAL_TENANT:
            raise GraphRefusal("ErrorAccessDenied")
        try:
            low, high = (instant(*local_of(body[name])) for name in ("startTime", "endTime"))
        except (KeyError, ValueError) as problem:
            raise GraphRefusal("ErrorInvalidParameter", f"startTime and endTime: {problem}") from problem
        if high - low > LONGEST:
            raise GraphRefusal("ErrorTimeIntervalTooBig", "The requested time duration specified for "
                               "FreeBusyViewOptions.TimeWindow is too long. The allowed limit = 62 days; the actual "
                               f"limit = {(high - low).days} days.")
        step = body.get("availabilityViewInterval") or 30
        if high <= low or not 5 <= step <= 1440:
            raise GraphRefusal("ErrorInvalidParameter", "An empty window, or an interval beyond 5 to 1440 minutes.")
        if len(body.get("schedules") or ()) > MOST:
            raise GraphRefusal("ErrorMailboxDataArrayTooBig")
        zone = call.prefer.zone
        return {"@odata.context": f"{call.origin}{BASE}/$metadata#Collection(microsoft.graph.scheduleInformation)",
                "value": [self._one(name, low, high, step, zone) for name in body.get("schedules") or ()]}

    def _one(self, name: str, low: datetime, high: datetime, step: int, zone: str) -> dict:
        account = self._api.accounts.find(name)
        if account is None or not account.mailbox or tenant_of(account) == PERSONAL_TENANT:
            return {"scheduleId": name, "scheduleItems": [], "error": {
                "message": f"Unable to resolve e-mail address {name} to an Active Directory object.",
                "responseCode": "ErrorMailRecipientNotFound"}}
        found = sorted(self._taken(account, low, high), key=lambda one: one[0])
        slots = [low + number * timedelta(minutes=step)
                 for number in range(-(-(high - low) // timedelta(minutes=step)))]
        view = "".join(max((DIGITS[status] for start, end, status, _ in found
                            if start < slot + timedelta(minutes=step) and end > slot), default="0") for slot in slots)
        items = []
        for start, end, status, members in found:
            local = start.replace(tzinfo=None)
            begin, finish = shown(Times(local, end - start, "UTC"), local, zone)
            items.append({"isPrivate": members.get("sensitivity") == "private", "status": status, "start": begin,
                          "end": finish, "subject": members.get("subject", ""), "location": ""})
        return {"scheduleId": name, "availabilityView": view, "scheduleItems": items,
                "workingHours": working_hours(windows_name(account.time_zone))}

    def _taken(self, account: Account, low: datetime, high: datetime):
        """Of the default calendar."""
        calendar = self._api.store.calendar(account, None)
        for item in self._api.store.mailbox(account).shelf(calendar).alive() if calendar else ():
            event = item.body
            for start, own in event.occurrences(low, high):
                members = own.members if own else event.members
                times = own.times if own else event.series.times
                status = members.get("showAs", "busy")
                if members.get("isCancelled") or status not in DIGITS:
                    continue
                begin, end = (one.astimezone(UTC) for one in times.span(None if own else start))
                yield begin, end, status, members
