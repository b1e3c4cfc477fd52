"""The header Prefer (RFC 7240) as Graph understands it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiohttp import web

from .outlook_calls import PREFERENCES
from .zones import known_to_graph

ONE = re.compile(r'\s*([^=,\s]+)\s*(?:=\s*(?:"([^"]*)"|([^,"]*?)))?\s*(?:,|$)')
LARGEST_PAGE = 1000


@dataclass(frozen=True)
class Prefer:
    immutable: bool = False
    #: By the name by which it was asked for.
    zone: str = "UTC"
    page: int | None = None
    text_body: bool = False
    #: Asked for, but unknown to Graph.
    unknown_zone: str = ""
    applied: tuple[str, ...] = ()


def parse(http: web.Request) -> tuple[Prefer, list[str]]:
    """And complaints about what isn't known."""
    found, complaints, known = {}, [], {name.casefold(): name for name in PREFERENCES}
    for line in http.headers.getall("Prefer", []):
        for name, quoted, bare in ONE.findall(line):
            own = known.get(name.casefold())
            value = quoted or bare
            if own is None or (PREFERENCES[own] is not None and value not in PREFERENCES[own]):
                complaints.append(f"no such preference: {name}={value}")
            else:
                found[own] = value
    size = found.get("odata.maxpagesize")
    if size is not None and not (size.isascii() and size.isdigit() and 0 < int(size)):
        complaints.append(f"odata.maxpagesize is no number of items: {size}")
        size = None
    zone = found.get("outlook.timezone", "UTC")
    known_zone = known_to_graph(zone)
    applied = tuple(f'{name}="{value}"' if name != "odata.maxpagesize" else f"{name}={value}"
                    for name, value in found.items() if name != "odata.track-changes")
    return Prefer(immutable="IdType" in found, zone=zone if known_zone else "UTC",
                  page=min(int(size), LARGEST_PAGE) if size else None, applied=applied,
                  text_body=found.get("outlook.body-content-type") == "text",
                  unknown_zone="" if known_zone else zone), complaints
