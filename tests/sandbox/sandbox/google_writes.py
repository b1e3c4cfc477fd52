"""Writing events: insert, patch, update, delete and move."""

from __future__ import annotations

import re
from datetime import datetime

from aiohttp import web

from .accounts import plausible_email
from .google_api import WRITERS, Api, Call
from .google_conference import Conferences, taken_over
from .google_errors import Refusal
from .google_events import EVENTS, ONE, find, reader_of
from .google_guests import Guests, mails
from .google_show import etag, full
from .google_times import original, shown
from .shelf import Item

#: base32hex, lower case (Calendar API reference, Events: id).
ID = re.compile(r"[0-9a-v]{5,1024}")
#: Google's own; a write of them is passed over.
READ_ONLY = {"kind", "etag", "id", "htmlLink", "created", "updated", "creator", "organizer", "hangoutLink", "iCalUID",
             "recurringEventId", "originalStartTime", "locked", "privateCopy", "attendeesOmitted", "sequence"}
#: What a guest may change of an event for themselves.
GUESTS_OWN = {"attendees", "reminders", "colorId", "transparency", "visibility", "extendedProperties", "eventLabelId"}
SEND = ("all", "externalOnly", "none")
KEPT_BY_UPDATE = ("organizer", "creator", "iCalUID", "recurringEventId", "originalStartTime", "sequence",
                  "hangoutLink")


def merged(known, wanted):
    """Patch semantics: objects member by member, lists as a whole, null takes away."""
    if not isinstance(known, dict) or not isinstance(wanted, dict):
        return wanted
    both = {**known, **{name: merged(known.get(name), value) for name, value in wanted.items()}}
    return {name: value for name, value in both.items() if value is not None}


def send_updates(call: Call) -> str:
    """sendUpdates; without it nobody gets mail, unless the older sendNotifications says so."""
    given = call.query.get("sendUpdates")
    if given and given not in SEND:
        raise Refusal.of_parameter("sendUpdates", given)
    return given or ("all" if call.query.get("sendNotifications") == "true" else "none")


class GoogleWrites:
    def __init__(self, api: Api, conferences: Conferences, guests: Guests) -> None:
        self._api, self._shelves = api, api.shelves
        self._conferences, self._guests = conferences, guests

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for verb, path, method, handler in (
                ("POST", EVENTS, "events.insert", self.insert), ("PATCH", ONE, "events.patch", self.patch),
                ("PUT", ONE, "events.update", self.update), ("DELETE", ONE, "events.delete", self.delete),
                ("POST", f"{ONE}/move", "events.move", self.move)):
            router.add_route(verb, path, self._serve(method, handler), name=method)

    def _serve(self, method: str, handler):
        async def serve(http: web.Request) -> web.Response:
            return await self._api.serve(http, method, handler)
        return serve

    async def insert(self, call: Call) -> dict:
        body, calendar = call.body, call.calendar
        if body.get("id") and body.get("iCalUID"):
            raise Refusal("invalid", message="id and iCalUID cannot both be given.")
        if body.get("id") is not None and not ID.fullmatch(body["id"]):
            raise Refusal("invalid", message="Invalid resource id value.")
        event_id = body.get("id") or self._shelves.new_id(calendar.id)
        if self._shelves.of(calendar.id).get(event_id) is not None:
            raise Refusal("duplicate")
        members = {name: value for name, value in body.items() if name not in READ_ONLY and value is not None}
        members |= {"organizer": organizer_of(call), "creator": {"email": call.account.email}}
        if body.get("iCalUID"):
            members["iCalUID"] = body["iCalUID"]
        self._set_conference(call, members, None)
        return self._written(call, event_id, members, None)

    async def patch(self, call: Call) -> dict:
        item, start = self._alive(call)
        known = self._members(item, start)
        wanted = {name: value for name, value in call.body.items() if name not in READ_ONLY}
        self._let_change(call, known, wanted)
        if call.body.get("status") == "cancelled":
            self._drop(call, item, start)
            return full(item, reader_of(call), start)
        conference = wanted.pop("conferenceData", known.get("conferenceData"))
        members = merged(known, wanted)
        if conference is not None:
            members["conferenceData"] = conference
        self._set_conference(call, members, known)
        return self._written(call, call.event_id, members, known)

    async def update(self, call: Call) -> dict:
        item, start = self._alive(call)
        known = self._members(item, start)
        wanted = {name: value for name, value in call.body.items() if name not in READ_ONLY and value is not None}
        self._let_change(call, known, {name: value for name, value in wanted.items() if known.get(name) != value})
        members = {**wanted, **{name: known[name] for name in KEPT_BY_UPDATE if name in known}}
        self._set_conference(call, members, known)
        return self._written(call, call.event_id, members, known)

    async def delete(self, call: Call) -> None:
        item, start = find(self._api, call)
        if item.gone or (start is None and item.body.is_cancelled):
            raise Refusal("deleted")
        self._match(call, item)
        self._drop(call, item, start)

    async def move(self, call: Call) -> dict:
        """To another calendar of the account: the same event there, a deleted one here."""
        item, start = self._alive(call)
        target = self._shelves.find(call.account, call.query.get("destination"))
        if target is None:
            raise Refusal("notFound")
        if target.role not in WRITERS:
            raise Refusal("requiredAccessLevel")
        if start is not None or item.body.master:
            raise Refusal("badRequest", message="An instance of a recurring event cannot be moved.")
        self._shelves.remove(call.calendar, item)
        call.calendar = target
        moved = self._shelves.put(target, item.id, {**item.body.members, "organizer": organizer_of(call)})
        return full(moved, reader_of(call))

    # Inside

    def _alive(self, call: Call) -> tuple[Item, datetime | None]:
        """The event to change, and which occurrence of a series. A deleted one can't be brought back."""
        send_updates(call)
        item, start = find(self._api, call)
        if item.gone or (start is None and item.body.is_cancelled):
            raise Refusal("forbidden")
        self._match(call, item)
        return item, start

    @staticmethod
    def _match(call: Call, item: Item) -> None:
        wanted = call.http.headers.get("If-Match")
        if wanted is not None and wanted not in ("*", etag(item)):
            raise Refusal("conditionNotMet")

    @staticmethod
    def _members(item: Item, start: datetime | None) -> dict:
        """Of the event, or of an occurrence that becomes an event of its own."""
        members = item.body.members
        if start is None:
            return members
        times = item.body.series.times
        begin, finish = shown(times, start, times.zone, members["end"].get("timeZone") or times.zone)
        kept = {name: value for name, value in members.items() if name != "recurrence"}
        return {"iCalUID": f"{item.id}@google.com", **kept, "start": begin, "end": finish, "recurringEventId": item.id,
                "originalStartTime": original(times, start, times.zone)}

    def _let_change(self, call: Call, known: dict, wanted: dict) -> None:
        organizer = known.get("organizer", {}).get("email", call.calendar.id)
        if organizer.casefold() == call.calendar.id.casefold() or known.get("guestsCanModify"):
            return
        if wanted.keys() - GUESTS_OWN:
            raise Refusal("forbiddenForNonOrganizer")

    @staticmethod
    def _set_conference(call: Call, members: dict, known: dict | None) -> None:
        """Without conferenceDataVersion=1 a write leaves the conference alone."""
        had = (known or {}).get("conferenceData")
        if call.query.get("conferenceDataVersion") not in ("", "0", "1"):
            raise Refusal.of_parameter("conferenceDataVersion", call.query.get("conferenceDataVersion"))
        wanted = members.pop("conferenceData", None)
        if call.query.get("conferenceDataVersion") == "1":
            had = taken_over(call.calendar, wanted, had)
        if had is not None:
            members["conferenceData"] = had
        else:
            members.pop("hangoutLink", None)

    def _written(self, call: Call, event_id: str, members: dict, known: dict | None) -> dict:
        for name in ("start", "end"):
            if not members.get(name):
                raise Refusal("required", message=f"Missing {name} time.")
        for one in members.get("attendees", ()):
            if not plausible_email(one.get("email") or ""):
                raise Refusal("invalid", message="Invalid attendee email.")
        if members.get("recurrence") and "dateTime" in members["start"] and not members["start"].get("timeZone"):
            raise Refusal("required", message="Missing time zone definition for start time.")
        if known is not None and any(known.get(name) != members.get(name)
                                     for name in ("start", "end", "recurrence", "location")):
            members["sequence"] = known.get("sequence", 0) + 1
        item = self._shelves.put(call.calendar, event_id, members)
        self._conferences.watch(call.calendar, item)
        self._guests.spread(call.calendar, item, known)
        self._answered(call, item, known)
        call.entry |= {"id": event_id, "mails": mails(known, members, call.calendar.id, send_updates(call),
                                                      self._guests.is_outside)}
        return full(item, reader_of(call))

    def _answered(self, call: Call, item: Item, known: dict | None) -> None:
        """A guest who changes their own answer changes it for all."""
        own, organizer = call.calendar.id.casefold(), item.body.members["organizer"]["email"].casefold()
        now, then = (next((one.get("responseStatus") for one in (members or {}).get("attendees", ())
                           if one.get("email", "").casefold() == own), None)
                     for members in (item.body.members, known))
        if organizer != own and now and now != then:
            self._guests.answer(call.account, call.calendar, item, call.calendar.id, now)

    def _drop(self, call: Call, item: Item, start: datetime | None) -> None:
        send, known = send_updates(call), self._members(item, start)
        if start is not None or item.body.master:
            event_id = self._shelves.occurrence_id(item, start) if start is not None else item.id
            item = self._shelves.put(call.calendar, event_id, {
                "status": "cancelled", "recurringEventId": known["recurringEventId"],
                "originalStartTime": known["originalStartTime"], "organizer": known["organizer"]})
        else:
            self._shelves.remove(call.calendar, item)
        self._guests.spread(call.calendar, item, known)
        call.entry["mails"] = mails(known, None, call.calendar.id, send, self._guests.is_outside)


def organizer_of(call: Call) -> dict:
    if call.calendar.primary:
        return {"email": call.account.email}
    return {"email": call.calendar.id, "displayName": call.calendar.name}
