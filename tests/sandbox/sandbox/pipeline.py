"""The way of every request to a provider's endpoint: count, pause, process, spoil."""

from __future__ import annotations

import time

from aiohttp import web

from .dialect import Dialect
from .faults import AFTER, BEFORE, FaultBoard, RequestFaults
from .forms import form_of
from .holds import Holds
from .spoil import spoil, wait
from .traffic import Traffic


class Pipeline:
    def __init__(self, dialects: list[Dialect], board: FaultBoard, holds: Holds,
                 traffic: Traffic) -> None:
        self._owner = {name: dialect for dialect in dialects for name in dialect.endpoints}
        self._board, self._holds, self._traffic = board, holds, traffic
        #: True from the moment of shutdown: no wait goes on.
        self.closing = False

    @property
    def middleware(self):
        @web.middleware
        async def serve(request: web.Request, handler):
            owner = self._owner.get(request.match_info.route.name)
            if owner is None:
                return await handler(request)
            return await self._counted(request, handler, owner)
        return serve

    async def _counted(self, request: web.Request, handler, owner: Dialect):
        endpoint = await owner.endpoint_of(request, request.match_info.route.name)
        started, status, met, features = time.monotonic(), None, RequestFaults(), {}
        self._traffic.begin(endpoint)
        try:
            features = {**owner.features(request, endpoint), "grant_type": await grant_type_of(request)}
            self._traffic.detail(endpoint, features)
            met = request["faults"] = self._board.for_request(endpoint, features)
            answer = await self._limited(request, handler, owner, endpoint, met, features.get("account", ""))
            status = answer.status
            return answer
        finally:
            self._traffic.end(endpoint, request.method, status, time.monotonic() - started, met.spent, features)

    async def _limited(self, request: web.Request, handler, owner: Dialect, endpoint: str, met: RequestFaults,
                       account: str):
        if not account:
            return await self._faulty(request, handler, endpoint, met)
        refusal = owner.enter(request, endpoint, account)
        if refusal is not None:
            return refusal
        try:
            return await self._faulty(request, handler, endpoint, met)
        finally:
            owner.leave(account)

    async def _faulty(self, request: web.Request, handler, endpoint: str, met: RequestFaults):
        await self._pause(request, endpoint, met, BEFORE)
        answer, fault = None, met.spoil
        if fault is None or fault.params["when"] == AFTER:
            answer = await handler(request)
        await self._pause(request, endpoint, met, AFTER)
        if fault is None:
            return answer
        return await spoil(
            request, fault, answer, lambda: self._goes_on(fault), self._owner[endpoint].envelope,
            lambda: self._owner[endpoint].fault_answer(request, endpoint, fault.kind,
                                                       fault.params))

    async def _pause(self, request: web.Request, endpoint: str, met: RequestFaults,
                     when: str) -> None:
        for fault in met.pauses:
            if fault.params["when"] != when:
                continue
            if fault.kind == "hold":
                await self._holds.wait(fault.id, endpoint, when, fault.params["seconds"])
            else:
                await wait(request, fault.params["seconds"], lambda: self._goes_on(fault))

    def _goes_on(self, fault) -> bool:
        return not self.closing and self._board.is_armed(fault)


async def grant_type_of(request: web.Request) -> str:
    form = await form_of(request)
    grant_type = form.get("grant_type") if form else ""
    return grant_type if grant_type in ("authorization_code", "refresh_token") else ""
