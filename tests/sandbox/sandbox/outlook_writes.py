"""Writing events by Graph: create, PATCH, DELETE and cancel."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from aiohttp import web

from . import outlook_body
from .accounts import plausible_email
from .outlook_api import BASE, Api, Call, fitting
from .outlook_calendars import WRITERS, providers
from .outlook_errors import GraphRefusal
from .outlook_events import find
from .outlook_guests import Guests, address_of, mails
from .outlook_rooms import TEAMS, Rooms
from .outlook_show import Reader, etag, is_mine, name_of, whole
from .outlook_store import Event, Exceptional, Found, Mailbox
from .outlook_times import shown, times_of
from .published import Published

#: Graph's own; a write of them is passed over.
READ_ONLY = {"id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "webLink", "type", "iCalUId",
             "seriesMasterId", "isOrganizer", "isCancelled", "isDraft", "hasAttachments", "onlineMeeting", "organizer",
             "onlineMeetingUrl", "responseStatus", "originalStart", "originalStartTimeZone", "originalEndTimeZone",
             "calendar", "instances", "extensions", "attachments", "cancelledOccurrences", "exceptionOccurrences"}
MOST_ATTENDEES = 500
LONGEST_SUBJECT = 255
#: Neighbours of an occurrence are looked for so far.
FAR = timedelta(days=800)


class OutlookWrites:
    def __init__(self, api: Api, rooms: Rooms, guests: Guests) -> None:
        self._api, self._store, self._rooms, self._guests = api, api.store, rooms, guests
        self._published: Published = api.published

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for name, handler in (("outlook.create", self.create), ("outlook.patch", self.patch),
                              ("outlook.delete", self.delete), ("outlook.cancel", self.cancel)):
            self._api.add(router, name, handler)

    async def create(self, call: Call) -> dict:
        """A transactionId that was used before gives the event that it made, if that is what is asked for again."""
        if call.calendar.role not in WRITERS:
            raise GraphRefusal("ErrorAccessDenied")
        mailbox, transaction = self._store.mailbox(call.account), call.body.get("transactionId")
        members = self._members(call.body)
        for name in ("start", "end"):
            if not members.get(name):
                raise GraphRefusal("ErrorPropertyValidationFailure", f"{name} is missing.")
        if transaction and (known := self._made_before(call, mailbox, transaction)):
            return self._answer(call, known, 201)
        members.setdefault("body", "")
        with fitting():
            found = self._store.put(call.account, call.calendar, self._store.new_name(mailbox), members)
        if call.body.get("isOnlineMeeting") and TEAMS in providers(call.account, call.calendar):
            self._rooms.ask(call.account, found)
        if transaction:
            mailbox.transactions[transaction] = found.item.id
        self._guests.spread(call.account, found, None)
        call.entry |= {"id": found.item.id, "mails": mails(None, members)}
        return self._answer(call, found, 201)

    def _made_before(self, call: Call, mailbox: Mailbox, transaction: str) -> Found | None:
        if self._api.mode.transaction_repeat == "forgotten":
            return None
        name = mailbox.transactions.get(transaction)
        found = self._store.find(call.account, name) if name else None
        with fitting():
            same = found is not None and times_of(call.body) == found.event.series.times and (
                found.event.members.get("subject") == call.body.get("subject"))
        if name and (not same or self._api.mode.transaction_repeat == "error"):
            raise GraphRefusal("ErrorDuplicateTransactionId")
        return found

    async def patch(self, call: Call) -> dict:
        found = self._alive(call)
        if call.body.get("transactionId", found.event.members.get("transactionId")) != (
                found.event.members.get("transactionId")):
            raise GraphRefusal("ErrorInvalidRequest", "transactionId can't be changed.")
        wanted, event = self._members(call.body), found.event
        if not is_mine(event.members, call.account) and wanted.keys() - {"showAs", "isReminderOn", "categories",
                                                                         "reminderMinutesBeforeStart", "sensitivity"}:
            raise GraphRefusal("ErrorAccessDenied")
        if found.start is not None:
            return self._patch_occurrence(call, found, wanted)
        before = event.members
        members = {**before, **wanted}
        if "attendees" in wanted:
            members["attendees"] = with_answers(wanted["attendees"], before)
        if "location" in wanted and "locations" not in wanted:
            members.pop("locations", None)
        if "body" not in wanted and event.join_url and not event.waits:
            # A write that doesn't touch the text brings back what an earlier one has dropped from it.
            members["body"] = outlook_body.with_block(members.get("body", ""), event.join_url)
        with fitting():
            self._store.change(call.account, found, members)
        if call.body.get("isOnlineMeeting") and not event.join_url and TEAMS in providers(call.account, found.calendar):
            self._rooms.ask(call.account, found)
        self._guests.spread(call.account, found, before)
        call.entry |= {"id": found.item.id, "mails": mails(before, event.members)}
        return self._answer(call, found)

    def _patch_occurrence(self, call: Call, found: Found, wanted: dict) -> dict:
        """It becomes an exception, and stays between its neighbours."""
        event, start = found.event, found.start
        own = found.exception
        begin, end = shown(event.series.times, start, "UTC")
        kept = {name: value for name, value in event.members.items() if name != "recurrence"}
        known = own.members if own else {**kept, "start": begin, "end": end}
        members = {**known, **wanted}
        with fitting():
            times = times_of(members)
        if crosses(event, start, Exceptional(members, times)):
            raise GraphRefusal("ErrorOccurrenceCrossingBoundary")
        self._store.set_exception(call.account, found, start, members)
        self._guests.spread(call.account, found, event.members)
        call.entry |= {"id": found.item.id, "mails": mails(known, members)}
        return self._answer(call, found)

    async def delete(self, call: Call) -> web.Response:
        """As the organiser it calls the meeting off, without a word."""
        found = self._alive(call)
        self._drop(call, found)
        return web.Response(status=204)

    async def cancel(self, call: Call) -> web.Response:
        found = self._alive(call)
        if not is_mine(found.event.members, call.account) or not found.event.members.get("attendees"):
            raise GraphRefusal("ErrorInvalidRequest", "Your request can't be completed. You need to be an organizer to "
                               "cancel a meeting.")
        self._drop(call, found)
        return web.Response(status=202)

    def _drop(self, call: Call, found: Found) -> None:
        members = found.exception.members if found.exception else found.event.members
        mine = is_mine(members, call.account)
        if found.start is not None:
            self._store.set_exception(call.account, found, found.start, None)
            self._guests.spread(call.account, found, found.event.members)
        else:
            self._store.remove(call.account, found)
            self._guests.spread(call.account, found, members)
        call.entry |= {"id": found.item.id, "mails": mails(members, None) if mine else {}}

    def _alive(self, call: Call) -> Found:
        found = find(self._api, call)
        wanted = call.http.headers.get("If-Match")
        if wanted is not None and wanted not in ("*", etag(found.item)):
            raise GraphRefusal("ErrorIrresolvableConflict")
        if found.calendar.role not in WRITERS:
            raise GraphRefusal("ErrorAccessDenied")
        return found

    def _members(self, body: dict) -> dict:
        """What a body says, as it is kept. Raises GraphRefusal."""
        kept = {name: value for name, value in body.items()
                if name not in READ_ONLY | {"isOnlineMeeting", "onlineMeetingProvider"} and not name.startswith("@")}
        if "body" in kept:
            kept["body"] = outlook_body.kept(kept["body"])
        attendees = kept.get("attendees") or ()
        if len(attendees) > MOST_ATTENDEES or len(kept.get("subject") or "") > LONGEST_SUBJECT:
            raise GraphRefusal("ErrorPropertyValidationFailure", "Too many attendees, or too long a subject.")
        for one in attendees:
            if not plausible_email((one.get("emailAddress") or {}).get("address") or ""):
                raise GraphRefusal("ErrorPropertyValidationFailure", "An attendee has no address.")
        if "attendees" in kept:
            kept["attendees"] = [{name: value for name, value in one.items() if name != "status"} for one in attendees]
        if "location" in kept and kept["location"] is None:
            del kept["location"]
        return kept

    def _answer(self, call: Call, found: Found, status: int = 200) -> dict:
        reader = Reader(call.account, found.calendar, call.prefer)
        call.http["status"] = status
        if status == 201:
            name = name_of(found.item, reader)
            call.http["headers"] = {"Location": f"{call.origin}{BASE}/users('{call.account.email}')/events('{name}')"}
        return {"@odata.context": f"{call.context}/events/$entity", **whole(found.item, reader, found.start)}


def with_answers(attendees: list[dict], before: dict) -> list[dict]:
    """Whoever stays keeps the answer that they gave: a status is read-only (attendee resource)."""
    known = {address_of(one): one["status"] for one in before.get("attendees") or () if "status" in one}
    return [{**one, "status": known[address_of(one)]} if address_of(one) in known else one for one in attendees]


def crosses(event: Event, start: datetime, moved: Exceptional) -> bool:
    """Whether a moved occurrence would lie beyond one of its neighbours, or on their days."""
    day, moment = moved.times.start.date(), event.series.times.span(start)[0]
    others = {*event.series.starts(moment - FAR, moment + FAR), *event.exceptions} - {start}
    before = max((one for one in others if one < start), default=None)
    after = min((one for one in others if one > start), default=None)
    return bool((before and day <= own_day(event, before)) or (after and day >= own_day(event, after)))


def own_day(event: Event, start: datetime) -> date:
    exception = event.exceptions.get(start)
    return (exception.times.start if exception else start).date()
