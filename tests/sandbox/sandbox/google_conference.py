"""Google Meet: a room that is asked for with an event, made a while later, or not at all."""

from __future__ import annotations

import hashlib

from .accounts import Calendar
from .google_errors import Refusal
from .google_shelves import GoogleShelves
from .mode import Mode
from .shelf import Item

MEET = "hangoutsMeet"


def allowed(calendar: Calendar) -> list[str]:
    given = calendar.extra.get("conferenceProperties")
    if isinstance(given, dict):
        return given.get("allowedConferenceSolutionTypes", [])
    return [MEET] if calendar.role in ("owner", "writer") else []


def request_of(members: dict) -> dict:
    data = members.get("conferenceData")
    return (data or {}).get("createRequest") or {}


def taken_over(calendar: Calendar, wanted: dict, known: dict | None) -> dict | None:
    """The conference data of an event after a write with conferenceDataVersion=1; `known` is what it had. The same
    requestId again changes nothing; another one makes another room."""
    request = request_of({"conferenceData": wanted})
    if not request:
        return wanted or None
    if request.get("requestId") == request_of({"conferenceData": known}).get("requestId"):
        return known
    kind = (request.get("conferenceSolutionKey") or {}).get("type")
    if not request.get("requestId"):
        raise Refusal("required", message="Missing conference request id.")
    if kind not in allowed(calendar):
        raise Refusal("invalid", message="Invalid conference type value.")
    return {"createRequest": {"requestId": request["requestId"], "conferenceSolutionKey": {"type": kind},
                              "status": {"statusCode": "pending"}}}


def room(request_id: str) -> str:
    letters = "".join(chr(ord("a") + byte % 26) for byte in hashlib.sha256(request_id.encode()).digest()[:10])
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"


class Conferences:
    def __init__(self, shelves: GoogleShelves, mode: Mode) -> None:
        self._shelves, self._mode = shelves, mode
        self.reset()

    def reset(self) -> None:
        #: Calendar id -> ids of the events whose rooms are being made.
        self._pending: dict[str, set[str]] = {}

    def watch(self, calendar: Calendar, item: Item) -> None:
        """After a write: an event may wait for a room now."""
        if request_of(item.body.members).get("status", {}).get("statusCode") == "pending":
            self._pending.setdefault(calendar.id, set()).add(item.id)

    def about_to_read(self, calendar: Calendar, event_id: str | None = None) -> None:
        """One event, or all of a calendar. As many readings as Mode.conference_reads says still find the room pending;
        what the next one finds counts as a change of the event."""
        waiting, shelf = self._pending.get(calendar.id, set()), self._shelves.of(calendar.id)
        for one in [one for one in waiting if event_id in (None, one)]:
            item = shelf.get(one)
            if item.body.reads < self._mode.conference_reads or self._mode.conference == "pending":
                item.body.reads += 1
                continue
            waiting.discard(one)
            item.body.members = settled(item.body.members, self._mode.conference)
            self._shelves.touch(calendar, item)


def settled(members: dict, status: str) -> dict:
    request = {**request_of(members), "status": {"statusCode": status}}
    if status != "success":
        return {**members, "conferenceData": {"createRequest": request}}
    name = room(request["requestId"])
    uri = f"https://meet.google.com/{name}"
    entry = {"entryPointType": "video", "uri": uri, "label": uri.removeprefix("https://")}
    solution = {"key": {"type": MEET}, "name": "Google Meet", "iconUri": "https://example.com/icon.png"}
    data = {"createRequest": request, "entryPoints": [entry], "conferenceSolution": solution, "conferenceId": name}
    return {**members, "hangoutLink": uri, "conferenceData": data}
