"""How iCloud's answers are spoiled in ways that only WebDAV knows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from typing import Callable
from xml.sax.saxutils import unescape

from aiohttp import web

from .icloud_hosts import Hosts
from .icloud_xml import HEAD, Name, XML_TYPE, plain, xml_answer

END = "</multistatus>"


def redirect(http: web.Request, hosts: Hosts, params: dict) -> web.Response:
    """`to` is a host's name (the same path there), "http" (without TLS), "loop" (here again), or a Location."""
    own, to = f"{http.scheme}://{http.host}", params["to"]
    base = own if to == "loop" else hosts.base(http.scheme, to)
    return plain(params["status"], {"Location": to if base is None else base + http.path})


def with_doctype(text: str, doctype: str, within: str = "") -> str:
    """The document with a DOCTYPE in front and `within` at the end of its first href."""
    text = text.replace(HEAD, f"{HEAD}<!DOCTYPE multistatus{doctype}>\n", 1)
    return text.replace("</href>", f"{within}</href>", 1)


def laughs(text: str, _size: int, _foreign: str) -> str:
    """3 * 10^9 characters out of a kilobyte."""
    entities = ['<!ENTITY e0 "lol">'] + [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    return with_doctype(text, f" [{''.join(entities)}]", "&e9;")


def quadratic(text: str, size: int, _foreign: str) -> str:
    """One long entity, as often as it has characters: within the limits on nesting."""
    return with_doctype(text, f' [<!ENTITY e "{"x" * size}">]', "&e;" * size)


def external(text: str, _size: int, foreign: str) -> str:
    """A file of the reader's machine, and an address that tells of being fetched."""
    entities = f'<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY f SYSTEM "{foreign}/entity">'
    return with_doctype(text, f" [{entities}]", "&e;&f;")


def subset(text: str, _size: int, foreign: str) -> str:
    return with_doctype(text, f' SYSTEM "{foreign}/multistatus.dtd"')


def deep(text: str, size: int, _foreign: str) -> str:
    return text.replace(END, "<a>" * size + "</a>" * size + END)


def many(text: str, size: int, _foreign: str) -> str:
    return text.replace(END, "<a/>" * size + END)


def attributes(text: str, size: int, _foreign: str) -> str:
    return text.replace("<response>", "<response " + " ".join(f'a{n}=""' for n in range(size)) + ">", 1)


def prefixes(text: str, _size: int, _foreign: str) -> str:
    """The same document with a prefix for every namespace."""
    return HEAD + ElementTree.tostring(ElementTree.fromstring(text), encoding="unicode")


def utf16(text: str, _size: int, _foreign: str) -> bytes:
    return text.replace('"UTF-8"', '"UTF-16"', 1).encode("utf-16")


def cdata(text: str, _size: int, _foreign: str) -> str:
    """The same document, calendar data unescaped in sections of their own."""
    return re.sub(r"(<calendar-data[^>]*>)(.*?)(</calendar-data>)", lambda found: (
        f"{found[1]}<![CDATA[{unescape(found[2].replace('&#13;', ''))}]]>{found[3]}"), text, flags=re.DOTALL)


def token_first(text: str, _size: int, _foreign: str) -> str:
    """The same document, sync-token before the responses."""
    token = re.search(r"<sync-token>.*?</sync-token>", text)
    if token is None:
        return text
    rest = text.replace(token[0], "", 1)
    return rest.replace("<response>", f"{token[0]}<response>", 1) if "<response>" in rest else text


SHAPES: dict[str, Callable[[str, int, str], str | bytes]] = {
    "attributes": attributes, "cdata": cdata, "deep": deep, "external": external, "laughs": laughs, "many": many,
    "prefixes": prefixes, "quadratic": quadratic, "subset": subset, "token_first": token_first, "utf16": utf16,
    "broken": lambda text, _size, _foreign: text.replace("</response>", "</respons>", 1),
    "cut": lambda text, _size, _foreign: text[: len(text) // 2],
    "dtd": lambda text, _size, _foreign: with_doctype(text, ""),
}


def answer(http: web.Request, hosts: Hosts, text: str) -> web.Response:
    """The multistatus as it is, or as the faults `xml` and `content_type` alter it."""
    body, kind = text, XML_TYPE
    if shape := http["faults"].behaviour("xml"):
        body = SHAPES[shape["shape"]](text, shape["size"], hosts.base(http.scheme, "foreign"))
    if lie := http["faults"].behaviour("content_type"):
        kind = lie["value"]
    return xml_answer(body, content_type=kind)


def names_to_tell(http: web.Request, names: list[Name]) -> tuple[list[Name], list[Name]]:
    """The properties to answer, and those of them that are said to be missing."""
    fault = http["faults"].behaviour("leave_out")
    if fault is None:
        return names, []
    gone = [name for name in names if name.local == fault["property"]]
    kept = [name for name in names if name not in gone]
    return kept, gone if fault["said"] else []
