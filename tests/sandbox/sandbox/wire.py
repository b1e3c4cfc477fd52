"""Answers that break HTTP's own rules (RFC 9112), written to the connection as they are."""

from __future__ import annotations

import asyncio
from itertools import chain, repeat
from typing import Callable, Iterable

from aiohttp import web

#: As much as may wait for a client that doesn't read.
BUFFERED = 1024 * 1024


async def write(request: web.Request, pieces: Iterable[bytes], seconds: float,
                goes_on: Callable[[], bool]) -> web.StreamResponse:
    """Writes the pieces, one in so many seconds, and ends the connection; or ends it as soon as
    the client has left or the fault is gone."""
    connection = request.transport
    for piece in pieces:
        if connection is None or connection.is_closing() or not goes_on():
            break
        connection.write(piece)
        # The loop must run between two pieces, to hear of the client's leaving.
        await asyncio.sleep(seconds)
        while connection.get_write_buffer_size() > BUFFERED and goes_on() and not connection.is_closing():
            await asyncio.sleep(0.01)
    if connection is not None:
        connection.close() if goes_on() else connection.abort()
    return web.StreamResponse()


def head(answer: web.Response) -> bytes:
    """The status line and the content type of the real answer."""
    kind = answer.headers.get("Content-Type", "application/octet-stream")
    return f"HTTP/1.1 {answer.status} {answer.reason}\r\nContent-Type: {kind}\r\n".encode()


def endless_headers(answer: web.Response) -> Iterable[bytes]:
    line = b"X-Filler: " + b"x" * 1000 + b"\r\n"
    return chain([head(answer)], repeat(line))


def endless_chunks(answer: web.Response) -> Iterable[bytes]:
    """The real answer but for its last byte, the bracket before which JSON and XML allow white space; then that white
    space, in chunks."""
    start = bytes(answer.body)[:-1]
    return chain([head(answer) + b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%s\r\n" % (len(start), start)],
                 repeat(b"1\r\n \r\n"))


def wrong_length(answer: web.Response, length: str) -> Iterable[bytes]:
    """The real answer under another Content-Length."""
    return [head(answer) + f"Content-Length: {length}\r\n\r\n".encode() + bytes(answer.body)]
