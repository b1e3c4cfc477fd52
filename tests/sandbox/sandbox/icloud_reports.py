"""REPORT on a calendar: sync-collection (RFC 6578), calendar-multiget and calendar-query (RFC 4791, 7.8 and 7.9)."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Iterator
from urllib.parse import quote, unquote, urlsplit

from .icloud_store import Collection
from .icloud_xml import CALDAV, DAV, LARGEST_REQUEST, Name, escape, failed, removed, response, status_line
from .shelf import Item

ETAG, DATA = Name(DAV, "getetag"), Name(CALDAV, "calendar-data")
CONTENT_TYPE, TYPE = Name(DAV, "getcontenttype"), Name(DAV, "resourcetype")
WALK, CHANGES = 0, 1
KINDS = {f"{{{DAV}}}sync-collection": "sync", f"{{{CALDAV}}}calendar-multiget": "multiget",
         f"{{{CALDAV}}}calendar-query": "query", f"{{{CALDAV}}}free-busy-query": "freebusy"}


class Refused(Exception):
    """A status, and the precondition that isn't met where there is one."""

    def __init__(self, status: int, name: Name | None = None) -> None:
        super().__init__(status)
        self.status, self.name = status, name


@dataclass(frozen=True)
class Report:
    #: sync, multiget, query, freebusy, or "" for one that isn't known.
    kind: str
    names: list[Name]
    root: ElementTree.Element

    @property
    def token(self) -> str:
        return (self.root.findtext(f"{{{DAV}}}sync-token") or "").strip()

    @property
    def limit(self) -> int | None:
        text = self.root.findtext(f"{{{DAV}}}limit/{{{DAV}}}nresults")
        return int(text) if text is not None and text.strip().isdigit() else None


def parse(body: bytes) -> Report:
    """ValueError where it is no report."""
    if len(body) > LARGEST_REQUEST or b"<!DOCTYPE" in body:
        raise ValueError("not such a document")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as problem:
        raise ValueError("not XML") from problem
    prop = root.find(f"{{{DAV}}}prop")
    parts = (child.tag.rpartition("}") for child in (prop if prop is not None else ()))
    return Report(KINDS.get(root.tag, ""), [Name(space.lstrip("{"), local) for space, _, local in parts], root)


def complaints(report: Report) -> list[str]:
    """What a report of that kind may not be without, or not have."""
    found, root = [], report.root
    known = {"sync": ("sync-token", "sync-level", "limit", "prop"), "multiget": ("prop", "href"),
             "query": ("prop", "filter", "timezone"), "freebusy": ("time-range",)}.get(report.kind)
    if known is None:
        return [f"no such report: {root.tag}"]
    found += [f"no such element in it: {child.tag}" for child in root if child.tag.rpartition("}")[2] not in known]
    if report.kind != "freebusy" and not report.names:
        found.append("no properties are named")
    if report.kind == "sync" and root.findtext(f"{{{DAV}}}sync-level", "").strip() != "1":
        found.append("sync-level is not 1")
    if report.kind == "sync" and root.find(f"{{{DAV}}}sync-token") is None:
        found.append("sync-token is missing")
    if report.kind == "multiget" and root.find(f"{{{DAV}}}href") is None:
        found.append("no href is named")
    return found


class Answer:
    """The responses to one report on one calendar."""

    def __init__(self, path: str, collection: Collection, report: Report, lags: bool = False) -> None:
        self._path, self._collection, self._report, self._lags = path, collection, report, lags

    def of(self, item: Item) -> str:
        known = {ETAG: lambda: escape(self._collection.etag(item, self._lags)),
                 DATA: lambda: escape(item.body.text).replace("\r\n", "&#13;\n"),
                 CONTENT_TYPE: lambda: "text/calendar; charset=utf-8; component=vevent", TYPE: str}
        found = [name.element(known[name]()) for name in self._report.names if name in known]
        return response(self.href(item.id), found, [name for name in self._report.names if name not in known])

    def href(self, name: str) -> str:
        return self._path + quote(name)

    def multiget(self) -> Iterator[tuple[str, str]]:
        """Each object's name, and its response, in the order asked."""
        for element in self._report.root.iter(f"{{{DAV}}}href"):
            text = (element.text or "").strip()
            name = name_in(self._path, text)
            item = self._collection.shelf.get(name) if name else None
            yield name or "", self.of(item) if item is not None and not item.gone else failed(text, 404)

    def query(self) -> Iterator[tuple[str, str]]:
        """Raises Refused. What iCloud says of no match is one response, of the collection."""
        low, high = window_of(self._report.root)
        found = False
        for item in self._collection.shelf.alive():
            if item.body.timing.reaches_into(low, high):
                found = True
                yield item.id, self.of(item)
        if not found:
            yield "", response(self._path, [], [ETAG, DATA])

    def sync(self, most: int) -> tuple[list[tuple[str, str]], str]:
        """The responses and the token after them. Raises Refused. No more than `most` are told (0: all), nor more than
        the report's own limit; then one of the collection says so."""
        shelf, asked = self._collection.shelf, self._report.limit
        state = [WALK, 0, shelf.seq] if not self._report.token else self._collection.read(self._report.token)
        if state is None:
            raise Refused(403, Name(DAV, "valid-sync-token"))
        size = min(one for one in (most or float("inf"), asked or float("inf")))
        phase, at, since = state
        told: list[tuple[str, str]] = []
        if phase == WALK and at == 0:
            told.append(("", response(self._path, [], [ETAG])))
            size += 1
        for item, following in self._changed(phase, at):
            if len(told) >= size:
                told.append(("", truncated(self._path)))
                return told, self._collection.token(phase, at, since)
            at = following
            told.append((item.id, removed(self.href(item.id)) if item.gone else self.of(item)))
        return told, self._collection.token(CHANGES, since if phase == WALK else shelf.seq, 0)

    def _changed(self, phase: int, at: int) -> Iterator[tuple[Item, int]]:
        """Each with where it goes on after it."""
        if phase == WALK:
            yield from ((item, item.place + 1) for item in self._collection.shelf.walk(at) if not item.gone)
        else:
            yield from ((item, item.seq) for item in self._collection.shelf.since(at))


def truncated(path: str) -> str:
    name = Name(DAV, "number-of-matches-within-limits")
    return f"<response><href>{escape(path)}</href>{status_line(507)}<error>{name.element()}</error></response>"


def name_in(path: str, href: str) -> str | None:
    """The object's name in a href below the collection's path; None for any other."""
    way = unquote(urlsplit(href).path)
    name = way.removeprefix(unquote(path))
    return name if name != way and name and "/" not in name else None


def window_of(root: ElementTree.Element) -> tuple[datetime | None, datetime | None]:
    """The time-range of a query's filter. Raises Refused for a filter that asks for more, as accounts of iCloud do."""
    outer = root.find(f"{{{CALDAV}}}filter/{{{CALDAV}}}comp-filter")
    if outer is None or outer.get("name") != "VCALENDAR":
        raise Refused(403, Name(CALDAV, "valid-filter"))
    inner = outer.find(f"{{{CALDAV}}}comp-filter")
    if inner is None:
        return None, None
    if inner.get("name") != "VEVENT" or inner.find(f"{{{CALDAV}}}prop-filter") is not None:
        raise Refused(412)
    bounds = inner.find(f"{{{CALDAV}}}time-range")
    return (None, None) if bounds is None else (utc(bounds.get("start")), utc(bounds.get("end")))


def utc(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc) if text else None
    except ValueError as problem:
        raise Refused(403, Name(CALDAV, "valid-filter")) from problem
