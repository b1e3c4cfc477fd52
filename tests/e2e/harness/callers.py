"""Browsers that ask a site at a given pace, from a process of their own. It sends what it was given and does nothing
else, so that it costs the cores that it shares with the site little."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .httpd_config import PASSWORD


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    seconds: float


def ask(questions: list[tuple], at_once: int, seconds: float = 0) -> list[Answered]:
    """The answers to (harness.session.Client, URL), in their order. They are asked one after the other over so long a
    time, each on a connection of its own; AssertionError where one isn't answered within a minute."""
    work = {"requests": [_as_text(*question) for question in questions], "at_once": at_once, "seconds": seconds}
    done = subprocess.run([sys.executable, "-m", f"{__package__}.callers"], cwd=Path(__file__).parent.parent,
                          input=json.dumps(work), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [Answered(**answer) for answer in json.loads(done.stdout)]


def _as_text(browser, url: str) -> tuple[int, str]:
    """Port and request."""
    parts = urlsplit(url)
    credentials = base64.b64encode(f"{browser.login}:{PASSWORD}".encode()).decode()
    cookies = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
    lines = [f"GET {parts.path}{'?' * bool(parts.query)}{parts.query} HTTP/1.1", f"Host: {parts.netloc}",
             f"Authorization: Basic {credentials}", *([f"Cookie: {cookies}"] if cookies else []), "Connection: close"]
    return parts.port, "\r\n".join([*lines, "", ""])


async def _ask(port: int, request: str, after: float, places: asyncio.Semaphore) -> Answered:
    await asyncio.sleep(after)
    async with places:
        clock = asyncio.get_running_loop().time
        began = clock()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request.encode("ascii"))
        answer = (await reader.read()).decode("utf-8")
        writer.close()
        status, *lines = answer.partition("\r\n\r\n")[0].split("\r\n")
        return Answered(int(status.split()[1]), dict(line.split(": ", 1) for line in lines), clock() - began)


async def _ask_all(work: dict) -> list[dict]:
    places = asyncio.Semaphore(work["at_once"])
    pause = work["seconds"] / max(len(work["requests"]), 1)
    answers = await asyncio.gather(*(asyncio.wait_for(_ask(*request, pause * index, places), pause * index + 60)
                                     for index, request in enumerate(work["requests"])))
    return [asdict(answer) for answer in answers]


if __name__ == "__main__":
    json.dump(asyncio.run(_ask_all(json.load(sys.stdin))), sys.stdout)
