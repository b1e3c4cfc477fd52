"""WebDAV's XML (RFC 4918) as iCloud writes it: DAV: as the default namespace, and no prefixes."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from http.client import responses as REASONS
from xml.sax.saxutils import escape

from aiohttp import web

from .answers import Envelope

DAV = "DAV:"
CALDAV = "urn:ietf:params:xml:ns:caldav"
CALENDARSERVER = "http://calendarserver.org/ns/"
APPLE = "http://apple.com/ns/ical/"
XML_TYPE = 'text/xml; charset="utf-8"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SERVER = {"Server": "AppleHttpServer/sandbox"}
ENVELOPE = Envelope(207, XML_TYPE, f'{HEAD}<multistatus xmlns="{DAV}"><response><href>'.encode(),
                    b"</href></response></multistatus>")
LARGEST_REQUEST = 100_000


@dataclass(frozen=True)
class Name:
    namespace: str
    local: str

    def element(self, content: str = "", attributes: str = "") -> str:
        """`content` is XML already."""
        space = "" if self.namespace == DAV else f' xmlns="{escape(self.namespace)}"'
        start = f"{self.local}{space}{attributes}"
        return f"<{start}>{content}</{self.local}>" if content else f"<{start}/>"


def href(path: str, attributes: str = "") -> str:
    """A href inside a property of another namespace."""
    return f'<href xmlns="{DAV}"{attributes}>{escape(path)}</href>'


def asked_for(body: bytes) -> list[Name]:
    """The properties that a PROPFIND names. ValueError where it names none: iCloud knows neither allprop nor
    propname."""
    if len(body) > LARGEST_REQUEST or b"<!DOCTYPE" in body:
        raise ValueError("not such a document")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as problem:
        raise ValueError("not XML") from problem
    prop = root.find(f"{{{DAV}}}prop") if root.tag == f"{{{DAV}}}propfind" else None
    if prop is None or not len(prop):
        raise ValueError("no properties are named")
    names = (child.tag.rpartition("}") for child in prop)
    return [Name(space.lstrip("{"), local) for space, _, local in names]


def status_line(status: int) -> str:
    return f"<status>HTTP/1.1 {status} {REASONS.get(status, 'Unknown')}</status>"


def propstat(elements: list[str], status: int) -> str:
    return f"<propstat><prop>{''.join(elements)}</prop>{status_line(status)}</propstat>" if elements else ""


def response(path: str, found: list[str], missing: list[Name]) -> str:
    return (f"<response><href>{escape(path)}</href>{propstat(found, 200)}"
            f"{propstat([name.element() for name in missing], 404)}</response>")


def failed(path: str, status: int) -> str:
    """A response whose resource as a whole is refused (RFC 4918, 13)."""
    return f"<response><href>{escape(path)}</href>{status_line(status)}</response>"


def removed(path: str) -> str:
    """A member that is gone (RFC 6578, 3.5)."""
    return failed(path, 404)


def multistatus(parts: list[str], token: str = "") -> str:
    """`token` is that of a sync-collection."""
    end = [f"<sync-token>{escape(token)}</sync-token>"] if token else []
    return f'{HEAD}<multistatus xmlns="{DAV}">' + "\n".join(["", *parts, *end, ""]) + "</multistatus>"


def xml_answer(body: str | bytes, status: int = 207, content_type: str = XML_TYPE) -> web.Response:
    return web.Response(status=status, body=body.encode() if isinstance(body, str) else body,
                        headers={**SERVER, "Content-Type": content_type})


def plain(status: int, headers: dict | None = None) -> web.Response:
    """An answer that says nothing but its status, as front ends write it."""
    text = f"<html><body><h1>{status} {REASONS.get(status, 'Unknown')}</h1></body></html>"
    answer = web.Response(status=status, body=text.encode(), headers={**SERVER, "Content-Type": "text/html"})
    for name, value in (headers or {}).items():
        answer.headers[name] = value
    return answer


def precondition(name: Name, status: int = 403) -> web.Response:
    """A refusal that names what it rests on (RFC 4918, 16)."""
    return xml_answer(f'{HEAD}<error xmlns="{DAV}">{name.element()}</error>', status)
