"""Answers in the form that providers' front ends give them."""

from __future__ import annotations

import json

from aiohttp import web

JSON_TYPE = "application/json; charset=UTF-8"
HTML_TYPE = "text/html; charset=UTF-8"
UNCACHED = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate", "Pragma": "no-cache"}


def json_answer(body, status: int = 200, headers: dict | None = None) -> web.Response:
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return web.Response(status=status, body=text.encode(),
                        headers={"Content-Type": JSON_TYPE, **(headers or {})})


def html_answer(text: str, status: int = 200, headers: dict | None = None) -> web.Response:
    return web.Response(status=status, body=text.encode(),
                        headers={"Content-Type": HTML_TYPE, **(headers or {})})
