"""Forms and queries as lists of pairs, so that doubled parameters are seen."""

from __future__ import annotations

from urllib.parse import parse_qsl

from aiohttp import web

FORM_TYPE = "application/x-www-form-urlencoded"


class Parameters:
    def __init__(self, text: str) -> None:
        self.pairs = parse_qsl(text, keep_blank_values=True)

    def get(self, name: str, default: str = "") -> str:
        """The first value of that name."""
        return next((value for key, value in self.pairs if key == name), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def doubled(self, names) -> str | None:
        """The first of these names that is given more than once."""
        return next((name for name in names if len(self.all(name)) > 1), None)


def query_of(request: web.Request) -> Parameters:
    return Parameters(request.rel_url.raw_query_string)


async def form_of(request: web.Request) -> Parameters | None:
    """The body of a form, or None where the body is something else."""
    if request.content_type != FORM_TYPE:
        return None
    return Parameters((await request.read()).decode("utf-8", "replace"))
