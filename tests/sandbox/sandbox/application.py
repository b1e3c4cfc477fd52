"""Puts the parts together: the web application of the sandbox."""

from __future__ import annotations

from typing import TextIO

from aiohttp import web

from . import pages
from .control import PREFIX as CONTROL_PREFIX
from .control import Control
from .dialect import Dialect
from .faults import FaultBoard
from .google import Google
from .holds import Holds
from .icloud import Icloud
from .outlook import Outlook
from .pipeline import Pipeline
from .settings import Settings
from .shared import Shared
from .traffic import Traffic


class Sandbox:
    def __init__(self, settings: Settings, log: TextIO | None = None) -> None:
        self.shared = Shared({client.client_id: client for client in settings.clients})
        self.icloud = Icloud(self.shared)
        self._dialects: list[Dialect] = [Google(settings.issuer, self.shared), Outlook(self.shared), self.icloud]
        endpoints = tuple(name for dialect in self._dialects for name in dialect.endpoints)
        board, self.traffic = FaultBoard(endpoints), Traffic(log)
        self._holds = Holds()
        self._pipeline = Pipeline(self._dialects, board, self._holds, self.traffic)
        control = Control(self._dialects, self.shared, board, self._holds, self.traffic)
        self.application = web.Application(middlewares=[self._pipeline.middleware], client_max_size=16 * 1024 * 1024)
        #: Of hosts beside the sandbox's own, by their names; each listens for itself.
        self.hosts = self.icloud.applications(self._pipeline.middleware)
        router = self.application.router
        for dialect in self._dialects:
            dialect.add_routes(router)
        control.add_routes(router)
        router.add_get(pages.STYLE_PATH, pages.style)

    def addresses(self, base: str) -> dict:
        """What a client of the sandbox reached at `base` must be told."""
        return {"base": base, "control": base + CONTROL_PREFIX,
                **{dialect.name: dialect.addresses(base) for dialect in self._dialects}}

    def close(self) -> None:
        """Lets every waiting answer go, so that the server can end."""
        self._pipeline.closing = True
        self._holds.release()
