"""Reading events: events.list, get and instances, and freebusy.query."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from . import google_freebusy, google_query
from .google_api import BASE, Api, Call
from .google_conference import Conferences
from .google_errors import Refusal
from .google_list import Listing
from .google_show import Reader, cancelled, full, stamp
from .google_times import Unfit, window_of
from .shelf import Item
from .zones import iana

EVENTS = f"{BASE}/calendars/{{calendar}}/events"
ONE = f"{EVENTS}/{{event}}"


def reader_of(call: Call) -> Reader:
    """Raises Unfit for a zone that isn't known."""
    zone, most = call.query.get("timeZone") or call.calendar.time_zone, call.query.get("maxAttendees")
    try:
        iana(zone)
    except ValueError as problem:
        raise Unfit("timeZone", str(problem)) from problem
    return Reader(call.account, call.calendar, zone, call.times_only, int(most) if most else None)


def envelope(call: Call, updated: datetime, seq: int) -> dict:
    calendar = call.calendar
    return {"kind": "calendar#events", "etag": f'"p32o{seq:x}"', "summary": calendar.own_name or calendar.name,
            "description": calendar.description or "", "updated": stamp(updated), "timeZone": calendar.time_zone,
            "accessRole": calendar.role, "defaultReminders": [{"method": "popup", "minutes": 10}]}


class GoogleEvents:
    def __init__(self, api: Api, conferences: Conferences) -> None:
        self._api, self._shelves, self._conferences = api, api.shelves, conferences

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(EVENTS, self._serve("events.list", self.list), name="events.list")
        router.add_get(f"{ONE}/instances", self._serve("events.instances", self.instances), name="events.instances")
        router.add_get(ONE, self._serve("events.get", self.get), name="events.get")
        router.add_post(f"{BASE}/freeBusy", self._serve("freebusy.query", self.free_busy), name="freebusy.query")

    def _serve(self, method: str, handler):
        async def serve(http: web.Request) -> web.Response:
            return await self._api.serve(http, method, handler)
        return serve

    async def list(self, call: Call) -> dict:
        faults, shelf = call.http["faults"], self._shelves.of(call.calendar.id)
        question = google_query.parse(call.query, self._shelves.clock.now())
        self._conferences.about_to_read(call.calendar)
        shorter, link = faults.behaviour("short_page"), faults.behaviour("next_link")
        call.http["odd"] = call.calendar.id in self._shelves.odd
        page = Listing(self._shelves, reader_of(call), question).page(
            shorter["items"] if shorter else None, link["link"] if link else "")
        if faults.behaviour("no_cursor"):
            page.pop("nextSyncToken", None)
        return {**envelope(call, shelf.last.updated if shelf.last else self._shelves.clock.now(), shelf.seq), **page}

    async def get(self, call: Call) -> dict:
        item, start = find(self._api, call)
        reader = reader_of(call)
        if item.body.is_cancelled:
            return cancelled(item)
        self._conferences.about_to_read(call.calendar, item.id)
        return full(item, reader, start)

    async def instances(self, call: Call) -> dict:
        """Every page at once: no series here is long enough for two."""
        item, reader = self._shelves.of(call.calendar.id).get(call.event_id), reader_of(call)
        if item is None or item.gone:
            raise Refusal("notFound")
        low, high = window_of(call.query.get("timeMin"), "timeMin"), window_of(call.query.get("timeMax"), "timeMax")
        shelf, found = self._shelves.of(call.calendar.id), []
        for start in item.body.series.starts(low, high):
            own = shelf.get(item.body.exceptions.get(start, ""))
            if own is None:
                found.append(full(item, reader, start))
            elif not own.body.is_cancelled or call.query.get("showDeleted") == "true":
                found.append(cancelled(own) if own.body.is_cancelled else full(own, reader))
            if len(found) == google_query.LARGEST_PAGE:
                break
        return {**envelope(call, item.updated, shelf.seq), "items": found}

    async def free_busy(self, call: Call) -> dict:
        return google_freebusy.answer(self._shelves, call.account, call.body)


def find(api: Api, call: Call) -> tuple[Item, datetime | None]:
    """The event of the path, or a series and which of its occurrences is meant. Raises Refusal."""
    item = api.shelves.of(call.calendar.id).get(call.event_id)
    if item is not None:
        return item, None
    found = api.shelves.occurrence(call.calendar.id, call.event_id)
    if found is None or found[0].gone:
        raise Refusal("notFound")
    master, start = found
    return master, start
