"""Answers in the form that providers' front ends give them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aiohttp import web

JSON_TYPE = "application/json; charset=UTF-8"
HTML_TYPE = "text/html; charset=UTF-8"
UNCACHED = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate", "Pragma": "no-cache"}


@dataclass(frozen=True)
class Envelope:
    """What a provider's answers look like, for those that are made up: between `start` and `end` stands text of any
    length."""

    status: int = 200
    content_type: str = JSON_TYPE
    start: bytes = b'{"access_token":"'
    end: bytes = b'"}'

    def around(self, text: bytes) -> web.Response:
        return web.Response(status=self.status, body=self.start + text + self.end,
                            headers={"Content-Type": self.content_type})


def json_answer(body, status: int = 200, headers: dict | None = None, indent: int | None = 2) -> web.Response:
    text = json.dumps(body, indent=indent, ensure_ascii=False, separators=(",", ":" if indent is None else ": "))
    return web.Response(status=status, body=text.encode(),
                        headers={"Content-Type": JSON_TYPE, **(headers or {})})


def html_answer(text: str, status: int = 200, headers: dict | None = None) -> web.Response:
    return web.Response(status=status, body=text.encode(),
                        headers={"Content-Type": HTML_TYPE, **(headers or {})})
