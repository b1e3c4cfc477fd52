"""What the tests of iCloud's dialect share: samples, and a CalDAV client's steps done by hand."""

from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import urlsplit

import requests

from client import Sandbox
from icloud_client import AVERY, AVERY_PASSWORD

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "caldav"
DAV, CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
DSID = "1234567890"
HOME = f"/{DSID}/calendars/"
PRINCIPAL = f"/{DSID}/principal/"
#: What each sandbox invents: the same shape, other text.
OPAQUE = (f"{DAV}sync-token", "{http://calendarserver.org/ns/}getctag")


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()


def exchange(name: str) -> dict:
    return json.loads((SAMPLES / "http-exchanges.json").read_text("utf-8"))[name]


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def send(sandbox: Sandbox, method: str, path: str, body: bytes = b"", depth: str | None = "0", host: str = "entry",
         authorization: str | None = basic(AVERY, AVERY_PASSWORD), headers: dict | None = None) -> requests.Response:
    sent = {"Depth": depth, "Authorization": authorization, "Content-Type": "text/xml", **(headers or {})}
    return requests.request(method, sandbox.http["icloud"][host] + path, data=body, timeout=10, allow_redirects=False,
                            headers={name: value for name, value in sent.items() if value is not None})


def propfind(sandbox: Sandbox, path: str, request: str, **changes) -> requests.Response:
    """`request` names a sample."""
    return send(sandbox, "PROPFIND", path, sample(f"request-{request}"), **changes)


def principal(sandbox: Sandbox, **changes) -> requests.Response:
    return propfind(sandbox, "/", "principal", **changes)


def home_set(sandbox: Sandbox, **changes) -> requests.Response:
    return propfind(sandbox, PRINCIPAL, "home-set", **changes)


def calendars(sandbox: Sandbox, **changes) -> requests.Response:
    return propfind(sandbox, HOME, "calendar-list", **{"depth": "1", "host": "p42", **changes})


def names(answer: requests.Response) -> list[str | None]:
    """displayname of each calendar of the list; None where it has none."""
    assert answer.status_code == 207, answer.text
    found = [one.find(f"{DAV}propstat[{DAV}status='HTTP/1.1 200 OK']/{DAV}prop")
             for one in ElementTree.fromstring(answer.content).iter(f"{DAV}response")]
    return [prop.findtext(f"{DAV}displayname") for prop in found
            if prop is not None and prop.find(f"{DAV}resourcetype/{CALDAV}calendar") is not None]


def hrefs(answer: requests.Response) -> list[str]:
    return [one.findtext(f"{DAV}href") for one in ElementTree.fromstring(answer.content).iter(f"{DAV}response")]


def shape(document: bytes, partition: str = "") -> str:
    """The document without layout, comments and prefixes, and with `partition` as Apple's."""
    root = ElementTree.fromstring(document)
    for element in root.iter():
        element.tail = None
        element.text = (element.text or "").strip() or None
        if element.tag in OPAQUE and element.text:
            element.text = "opaque"
        elif element.text and partition:
            element.text = element.text.replace(partition, "https://p42-caldav.icloud.com:443")
    return ElementTree.canonicalize(ElementTree.tostring(root, encoding="unicode"), rewrite_prefixes=True)


def location(answer: requests.Response) -> tuple[int, str, str]:
    """Status, and host and path that the answer leads to."""
    parts = urlsplit(answer.headers["Location"])
    return answer.status_code, parts.netloc, parts.path


def host_of(sandbox: Sandbox, host: str, scheme: str = "http") -> str:
    return urlsplit(getattr(sandbox, scheme)["icloud"][host]).netloc
