"""Reading events: calendarView and its delta, lists of events, one event."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from .outlook_api import BASE, Api, Call, lead_on, paging, selected
from .outlook_delta import DEFAULT_PAGE, Delta
from .outlook_errors import GraphRefusal
from .outlook_rooms import Rooms
from .outlook_show import Reader, uid_of, whole, with_properties
from .outlook_store import Found
from .outlook_times import moment
from .shelf import Item

LONGEST_VIEW = timedelta(days=1825)
PROPERTY = re.compile(r"singleValueExtendedProperties/any\((\w+):\s*\1/id eq '([^']+)' and \1/value eq '([^']*)'\)",
                      re.IGNORECASE)
UID = re.compile(r"iCalUId eq '([^']*)'")
EXPAND = re.compile(r"singleValueExtendedProperties\(\$filter=(id eq '[^']+'(?: or id eq '[^']+')*)\)")


def window_of(call: Call) -> tuple[datetime, datetime]:
    """Raises GraphRefusal."""
    try:
        low, high = moment(call.query.get("startDateTime")), moment(call.query.get("endDateTime"))
    except ValueError as problem:
        raise GraphRefusal("ErrorInvalidParameter", "This request requires a time window specified by the query string "
                           "parameters StartDateTime and EndDateTime.") from problem
    if high < low or high - low > LONGEST_VIEW:
        raise GraphRefusal("ErrorInvalidParameter", "The time window is empty, or longer than 1825 days.")
    return low, high


def wanted_properties(call: Call) -> set[str]:
    """The ids that $expand names. Raises GraphRefusal."""
    text = call.query.get("$expand")
    found = EXPAND.fullmatch(text) if text else None
    if text and not found:
        raise GraphRefusal("ErrorInvalidUrlQuery", f"$expand={text[:200]}")
    return set(re.findall(r"id eq '([^']+)'", found.group(1))) if found else set()


class OutlookEvents:
    def __init__(self, api: Api, rooms: Rooms) -> None:
        self._api, self._store, self._rooms = api, api.store, rooms
        #: The last view that was asked for, so that its further pages cost what is on them.
        self._view: tuple[tuple, list[tuple[datetime, Item, datetime | None]]] = ((), [])

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for name, handler in (("outlook.delta", self.delta), ("outlook.view", self.view),
                              ("outlook.events", self.events), ("outlook.event", self.event)):
            self._api.add(router, name, handler)

    def reader(self, call: Call) -> Reader:
        return Reader(call.account, call.calendar, call.prefer)

    async def delta(self, call: Call) -> dict:
        query, faults = call.query, call.http["faults"]
        self._rooms.about_to_list(call.account, call.calendar)
        delta = Delta(self._store, self._store.mailbox(call.account), self.reader(call))
        try:
            if query.get("$skiptoken") or query.get("$deltatoken"):
                kind = "skip" if query.get("$skiptoken") else "delta"
                state = delta.read(kind, query.get(f"${kind}token"))
            else:
                state = delta.begin(*window_of(call))
        except GraphRefusal as refusal:
            if refusal.code == "SyncStateNotFound":
                refusal.headers = {"Location": f"{call.url}?$deltatoken="}
            raise
        shorter = faults.behaviour("short_page")
        page = delta.page(state, call.prefer.page or DEFAULT_PAGE, shorter["items"] if shorter else None)
        call.http["headers"] = {"Preference-Applied": "odata.track-changes"}
        body = {"@odata.context": f"{call.origin}{BASE}/$metadata#Collection(event)"}
        again = delta.write("skip", state._replace(turn=state.turn + 1))
        lead_on(call, body, f"{call.url}?$skiptoken={delta.write('skip', page.state)}", not page.done,
                endless=f"{call.url}?$skiptoken={again}")
        if "@odata.nextLink" not in body and faults.behaviour("no_cursor") is None:
            body["@odata.deltaLink"] = f"{call.url}?$deltatoken={delta.write('delta', page.state)}"
        return {**body, "value": page.items}

    async def view(self, call: Call) -> dict:
        """In the order of their starts."""
        (low, high), (top, skip) = window_of(call), paging(call, DEFAULT_PAGE)
        if call.query.get("$orderby") not in ("", "start/dateTime", "start/dateTime asc"):
            raise GraphRefusal("ErrorInvalidUrlQuery", f"$orderby={call.query.get('$orderby')[:200]}")
        self._rooms.about_to_list(call.account, call.calendar)
        found, reader = self._occurrences(call, low, high), self.reader(call)
        end = skip + top
        body = {"@odata.context": f"{call.context}/calendarView",
                "value": [selected(whole(item, reader, start), call.query) for _, item, start in found[skip:end]]}
        kept = [pair for pair in call.query.pairs if pair[0] not in ("$skip", "$top")]
        link = urlencode([*kept, ("$top", top), ("$skip", end)], safe="$:,/")
        lead_on(call, body, f"{call.url}?{link}", end < len(found))
        return body

    def _occurrences(self, call: Call, low: datetime, high: datetime) -> list:
        shelf = self._store.mailbox(call.account).shelf(call.calendar)
        key = (id(shelf), shelf.seq, low, high)
        if self._view[0] != key:
            found = []
            for item in shelf.alive():
                repeats = item.body.series.repeats
                for start, own in item.body.occurrences(low, high):
                    times = own.times if own else item.body.series.times
                    begin = times.span(None if own else start)[0]
                    found.append((begin, item, start if repeats else None))
            self._view = (key, sorted(found, key=lambda one: (one[0], one[1].place)))
        return self._view[1]

    async def events(self, call: Call) -> dict:
        """Single events and series, no occurrences."""
        (top, skip), wanted, reader = paging(call, DEFAULT_PAGE), wanted_properties(call), self.reader(call)
        found = [item for item in self._store.mailbox(call.account).shelf(call.calendar).alive()
                 if self._fits(item, call.query.get("$filter"))]
        end = skip + top
        body = {"@odata.context": f"{call.context}/events", "value": [
            selected(with_properties(whole(item, reader), item, wanted), call.query) for item in found[skip:end]]}
        lead_on(call, body, f"{call.url}?$top={top}&$skip={end}", end < len(found))
        return body

    @staticmethod
    def _fits(item: Item, text: str) -> bool:
        """Two filters are known: by an extended property (singlevaluelegacyextendedproperty-get.md), and by iCalUId."""
        if not text:
            return True
        if by_property := PROPERTY.fullmatch(text):
            wanted = {"id": by_property.group(2), "value": by_property.group(3)}
            return wanted in (item.body.members.get("singleValueExtendedProperties") or ())
        if by_uid := UID.fullmatch(text):
            return uid_of(item) == by_uid.group(1)
        raise GraphRefusal("ErrorInvalidUrlQuery", f"$filter={text[:200]}")

    async def event(self, call: Call) -> dict:
        found, wanted = find(self._api, call), wanted_properties(call)
        self._rooms.about_to_read(call.account, found)
        reader = Reader(call.account, found.calendar, call.prefer)
        body = with_properties(whole(found.item, reader, found.start), found.item, wanted)
        return {"@odata.context": f"{call.context}/events/$entity", **selected(body, call.query)}


def find(api: Api, call: Call) -> Found:
    """The event of the path. Raises GraphRefusal."""
    found = api.store.find(call.account, call.http.match_info["event"])
    if found is None or (call.http.match_info["place"] and found.calendar is not call.calendar):
        raise GraphRefusal("ErrorItemNotFound")
    return found
