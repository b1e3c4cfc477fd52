"""The faults that replace or damage an answer, down to the bytes on the wire."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from typing import Callable

from aiohttp import web

from . import wire
from .answers import Envelope, html_answer
from .faults import Fault

CHUNK = 64 * 1024
FRONT_END_PAGE = ("<!DOCTYPE html><html lang=en><title>Error</title>"
                  "<p><b>{status}.</b> That is an error.<p>The server met a temporary error and "
                  "could not complete your request. Please try again in 30 seconds.</html>\n")


def client_left(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def wait(request: web.Request, seconds: float, goes_on: Callable[[], bool]) -> None:
    """Waits, but no longer than the client listens and the fault is armed."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until and goes_on() and not client_left(request):
        await asyncio.sleep(min(0.05, max(0.0, until - loop.time())))


def type_of(answer: web.Response) -> dict[str, str]:
    """Nothing where the answer has no body."""
    return {"Content-Type": answer.headers["Content-Type"]} if "Content-Type" in answer.headers else {}


def damaged(answer: web.Response, params: dict) -> web.Response:
    body = answer.body or b"{}"
    text = params["text"].encode() or body[: max(1, len(body) // 2)]
    return web.Response(status=answer.status, body=text, headers=type_of(answer))


def other_type(value):
    """The same member with a type that the interface does not know for it."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool) or value is None:
        return "perhaps"
    if isinstance(value, (int, float)):
        return {"seconds": value}
    return 7 if isinstance(value, list) else "an object"


def change_member(body, path: str, value) -> None:
    """Sets the member at a dotted path such as items.0.id; a path that does not exist is left
    alone. With no value it gets another type than it has."""
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    try:
        for step in way:
            body = body[step]
        body[last] = other_type(body[last]) if value is None else value
    except (LookupError, TypeError):
        pass


def mistyped(answer: web.Response, params: dict) -> web.Response:
    """Changes the type of one member, or of all top-level ones."""
    body = json.loads(answer.body or b"{}")
    if params["member"]:
        change_member(body, params["member"], params["value"])
    else:
        body = {name: other_type(value) for name, value in body.items()}
    return web.Response(status=answer.status, body=json.dumps(body).encode(), headers=type_of(answer))


async def oversize(request: web.Request, envelope: Envelope, size: int,
                   goes_on: Callable[[], bool]) -> web.StreamResponse:
    """Sends the start of an answer and a text without end, up to `size` bytes."""
    answer = web.StreamResponse(status=envelope.status, headers={"Content-Type": envelope.content_type})
    answer.content_length = size
    await answer.prepare(request)
    piece, sent = envelope.start[:size], 0
    while sent < size and not client_left(request) and goes_on():
        await answer.write(piece)
        sent += len(piece)
        piece = b"x" * min(CHUNK, size - sent)
    if sent < size and request.transport is not None:
        request.transport.abort()
    return answer


async def drip(request: web.Request, answer: web.Response, seconds: float,
               goes_on: Callable[[], bool]) -> web.StreamResponse:
    """Sends the real answer, one byte in `seconds`."""
    body = bytes(answer.body or b"")
    slow = web.StreamResponse(status=answer.status, headers=answer.headers)
    slow.content_length = len(body)
    await slow.prepare(request)
    for position in range(len(body)):
        if client_left(request):
            break
        await slow.write(body[position: position + 1])
        await wait(request, seconds, goes_on)
    return slow


async def reset(request: web.Request, answer: web.Response | None,
                count: int) -> web.StreamResponse:
    """Ends the connection with RST, after the head and `count` bytes of the answer if any."""
    body = bytes(answer.body or b"") if answer is not None else b""
    cut = web.StreamResponse(status=answer.status if answer is not None else 200,
                             headers=type_of(answer) if answer is not None else None)
    cut.content_length = len(body) + 1
    if count:
        await cut.prepare(request)
        await cut.write(body[:count] or b"{")
        await asyncio.sleep(0.05)
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return cut


def gzip_blanks(envelope: Envelope, size: int, layers: int) -> bytes:
    """An answer with a text of `size` spaces; the first layer makes about a thousandth of it."""
    body = bytes(envelope.around(b" " * size).body)
    for _ in range(layers):
        body = gzip.compress(body, compresslevel=6)
    return body


def with_headers(answer: web.Response, headers: list[tuple[str, str]]) -> web.Response:
    """The real answer with these header lines as well."""
    return web.Response(status=answer.status, body=answer.body,
                        headers=[*type_of(answer).items(), *headers])


async def spoil(request: web.Request, fault: Fault, answer: web.Response | None,
                goes_on: Callable[[], bool], envelope: Envelope,
                dialect_answer: Callable[[], web.Response]) -> web.StreamResponse:
    """The answer that a spoiling fault gives. `answer` is the real one, or None where the
    request was not processed; `dialect_answer` makes the provider's own wording."""
    kind, params = fault.kind, fault.params
    real = answer if answer is not None else envelope.around(b"")
    if kind in ("status", "rate_limit", "error"):
        return dialect_answer()
    if kind == "html":
        return html_answer(FRONT_END_PAGE.format(status=params["status"]), params["status"])
    if kind == "malformed_json":
        return damaged(real, params)
    if kind == "wrong_types":
        return mistyped(real, params)
    if kind == "drip":
        return await drip(request, real, params["seconds"], goes_on)
    if kind == "reset":
        return await reset(request, answer, params["bytes"])
    if kind == "oversize":
        return await oversize(request, envelope, params["bytes"], goes_on)
    if kind == "gzip_bomb":
        layers = max(1, params["layers"])
        body = await asyncio.to_thread(gzip_blanks, envelope, params["bytes"], layers)
        return web.Response(status=envelope.status, body=body, headers={
            "Content-Type": envelope.content_type, "Content-Encoding": ", ".join(["gzip"] * layers)})
    if kind == "encoding":
        return with_headers(real, [("Content-Encoding", params["name"])])
    if kind == "many_headers":
        return with_headers(real, [(f"X-Filler-{number}", "x" * params["bytes"])
                                   for number in range(params["lines"])])
    if kind == "endless_headers":
        return await wire.write(request, wire.endless_headers(real), params["seconds"], goes_on)
    if kind == "endless_chunks":
        return await wire.write(request, wire.endless_chunks(real),
                                params["seconds"], goes_on)
    if kind == "wrong_length":
        return await wire.write(request, wire.wrong_length(real, params["length"]), 0, goes_on)
    await wait(request, params["seconds"], goes_on)
    return await reset(request, None, 0)
