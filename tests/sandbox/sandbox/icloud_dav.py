"""What a client does with one calendar of iCloud's and with its objects."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp import web

from . import icloud_faults as faults
from . import icloud_reports as reports
from . import icloud_resources as resources
from . import icloud_rules as rules
from . import ics
from .icloud_accounts import IcloudAccount
from .icloud_calendars import IcloudCalendar
from .icloud_guests import Guests, is_organizer, mails, marked
from .icloud_hosts import Hosts
from .icloud_store import Collection, IcloudStore
from .icloud_xml import CALDAV, DAV, Name, failed, multistatus, plain, precondition
from .shared import Shared
from .shelf import Item

ICS_TYPE = "text/calendar; charset=utf-8"


@dataclass
class Target:
    """What a path below a home stands for."""

    account: IcloudAccount
    calendar: IcloudCalendar
    path: str
    #: "" for the calendar itself.
    name: str


def target_of(account: IcloudAccount, raw_path: str) -> Target | None:
    """None where the path is of no calendar of the account."""
    for calendar in account.calendars:
        path = resources.calendar_path(account, calendar)
        if raw_path.rstrip("/") == path.rstrip("/"):
            return Target(account, calendar, path, "")
        if raw_path.startswith(path) and "/" not in (rest := raw_path[len(path):]):
            return Target(account, calendar, path, unquote(rest))
    return None


class Dav:
    def __init__(self, store: IcloudStore, guests: Guests, shared: Shared, hosts: Hosts) -> None:
        self._store, self._guests, self._shared, self._hosts = store, guests, shared, hosts

    async def serve(self, http: web.Request, target: Target) -> web.Response:
        """None of these methods makes a calendar or changes its properties."""
        if http.method == "REPORT":
            return await self._report(http, target)
        if http.method == "PUT":
            return await self._put(http, target)
        item = self._store.get(target.account, target.calendar, target.name) if target.name else None
        if item is None:
            return plain(404 if target.name or http.method == "DELETE" else 405)
        if http.method == "DELETE":
            return self._delete(http, target, item)
        etag = self._collection(target).etag(item)
        if http.headers.get("If-None-Match") == etag:
            return plain(304)
        return web.Response(body=item.body.text.encode(), headers={"Content-Type": ICS_TYPE, "ETag": etag})

    def _collection(self, target: Target) -> Collection:
        return self._store.of(target.account, target.calendar)

    def members(self, target: Target, lags: bool) -> list[resources.Resource]:
        """The objects as resources, for a PROPFIND."""
        collection = self._collection(target)
        if target.name:
            item = self._store.get(target.account, target.calendar, target.name)
            return [resources.object_of(target.path, collection, item, lags)] if item else []
        return [resources.object_of(target.path, collection, item, lags) for item in collection.shelf.alive()]

    # Reports

    async def _report(self, http: web.Request, target: Target) -> web.Response:
        try:
            report = reports.parse(await http.read())
        except ValueError as problem:
            self._violated(http, [str(problem)])
            return plain(400)
        depth = http.headers.get("Depth", "0")
        wrong = reports.complaints(report)
        if report.kind == "sync" and depth != "0":
            wrong.append(f"sync-collection with Depth {depth}")
        if report.kind == "query" and depth != "1":
            wrong.append(f"calendar-query with Depth {depth} sees no object")
        if wrong:
            self._violated(http, wrong)
        if not report.kind or (report.kind == "sync" and not self._shared.mode.icloud_sync):
            return precondition(Name(DAV, "supported-report"))
        if report.kind == "freebusy" or wrong:
            return plain(400)
        try:
            return self._answer(http, target, report)
        except reports.Refused as refused:
            return precondition(refused.name, refused.status) if refused.name else plain(refused.status)

    def _answer(self, http: web.Request, target: Target, report: reports.Report) -> web.Response:
        lags = http["faults"].behaviour("old_etag") is not None
        answer = reports.Answer(target.path, self._collection(target), report, lags)
        token = ""
        if report.kind == "sync":
            told, token = answer.sync(self._shared.mode.icloud_page)
        else:
            told = list(answer.multiget() if report.kind == "multiget" else answer.query())
        if inside := http["faults"].behaviour("inside"):
            first = next((name for name, _ in told if name), None)
            told = [(name, failed(answer.href(name), inside["status"]) if meant(inside, name, name == first) else text)
                    for name, text in told]
        if http["faults"].behaviour("no_cursor"):
            token = ""
        return faults.answer(http, self._hosts, multistatus([text for _, text in told], token))

    # Writes

    async def _put(self, http: web.Request, target: Target) -> web.Response:
        body = await http.read()
        entry = self._record(http, target, "icloud.put", body.decode("utf-8", "replace"))
        answer = await self._written(http, target, body, entry)
        entry["status"] = answer.status
        return answer

    async def _written(self, http: web.Request, target: Target, body: bytes, entry: dict) -> web.Response:
        account, calendar = target.account, target.calendar
        if not target.name:
            return plain(405)
        if calendar.read_only:
            return precondition(Name(DAV, "need-privileges"))
        if http.content_type != "text/calendar":
            self._violated(http, [f"the body's type is {http.content_type}"])
            return precondition(Name(CALDAV, "supported-calendar-data"))
        known = self._store.get(account, calendar, target.name)
        if not self._matches(http, target, known):
            return plain(412)
        parsed, complaints = rules.check(body, account)
        if complaints:
            self._violated(http, [f"{name.local}: {text}" for name, text in complaints])
            return precondition(complaints[0][0])
        place = self._store.place_of(account, ics.uid_of(parsed))
        if place is not None and place != (calendar.id, target.name):
            return plain(412)
        before = known.body.text if known is not None else None
        text, rewritten = self._kept(body.decode(), account)
        item = self._store.put(account, calendar, target.name, text)
        if is_organizer(parsed, account):
            entry["mails"] = mails(ics.parse_or_none(before), parsed, account.apple_id.casefold())
        self._guests.spread(account, before, text)
        entry["id"] = target.name
        headers = {} if rewritten else {"ETag": self._collection(target).etag(item)}
        return web.Response(status=204 if known is not None else 201, headers=headers)

    def _kept(self, text: str, account: IcloudAccount) -> tuple[str, bool]:
        """What the server keeps of an object, and whether that is something else; then there is no ETag (RFC 4791,
        5.3.4)."""
        how, parsed = self._shared.mode.icloud_rewrites, ics.parse(text)
        invites = any("ATTENDEE" in event for event in ics.events(parsed)) and is_organizer(parsed, account)
        if how == "all" or (how == "scheduled" and invites):
            return marked(parsed), True
        return text, False

    def _delete(self, http: web.Request, target: Target, item: Item) -> web.Response:
        entry = self._record(http, target, "icloud.delete", "")
        entry["status"] = self._deleted(http, target, item, entry)
        return web.Response(status=204) if entry["status"] == 204 else plain(entry["status"])

    def _deleted(self, http: web.Request, target: Target, item: Item, entry: dict) -> int:
        account = target.account
        if target.calendar.read_only:
            return 403
        if not self._matches(http, target, item):
            return 412
        self._store.remove(account, target.calendar, item)
        parsed = ics.parse_or_none(item.body.text)
        if parsed is not None and is_organizer(parsed, account):
            entry["mails"] = mails(parsed, None, account.apple_id.casefold())
        self._guests.spread(account, item.body.text, None)
        return 204

    def _matches(self, http: web.Request, target: Target, item: Item | None) -> bool:
        """If-Match and If-None-Match (RFC 9110, 13.1)."""
        etag = self._collection(target).etag(item) if item is not None else None
        wanted, unwanted = http.headers.get("If-Match"), http.headers.get("If-None-Match")
        if wanted is not None and (etag is None or (wanted != "*" and etag not in wanted)):
            return False
        return unwanted is None or etag is None or (unwanted != "*" and etag not in unwanted)

    def _record(self, http: web.Request, target: Target, call: str, body: str) -> dict:
        return self._shared.ledger.write("icloud", http, call, account=target.account.apple_id, body=body,
                                         calendar=target.calendar.id, id=target.name)

    def _violated(self, http: web.Request, complaints: list[str]) -> None:
        self._shared.violations.record("request", http, http["endpoint"], complaints)


def meant(inside: dict, name: str, is_first: bool) -> bool:
    """Whether the response of an object is one that the fault `inside` refuses."""
    return bool(name) and {"all": True, "objects": True, "first": is_first, "object": name == inside["name"]}.get(
        inside["of"], False)
