"""Microsoft's dialect: the identity platform's v2.0 endpoints and Graph, as one part of the sandbox."""

from __future__ import annotations

from aiohttp import web

from .answers import Envelope, json_answer
from .desk import Desk
from .limits import Limits
from .outlook_api import BASE, Api
from .outlook_authorize import PATH as AUTHORIZE_PATH
from .outlook_authorize import OutlookAuthorize
from .outlook_calls import CALLS
from .outlook_errors import graph_error, token_error, unauthenticated
from .outlook_events import OutlookEvents
from .outlook_grants import OutlookGrants
from .outlook_graph import OutlookGraph
from .outlook_guests import Guests
from .outlook_hand import OutlookHand
from .outlook_identity import OutlookIdentity
from .outlook_push import OutlookPush
from .outlook_rooms import Rooms
from .outlook_schedule import OutlookSchedule
from .outlook_store import OutlookStore
from .outlook_token import PATH as TOKEN_PATH
from .outlook_token import OutlookToken
from .outlook_writes import OutlookWrites
from .shared import Shared

KEYS_PATH = "/common/discovery/v2.0/keys"
#: The claims challenge of continuous access evaluation, as the fault `error` names it.
CHALLENGE = "insufficient_claims"
CHALLENGED_CLAIMS = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ=="
TEN_MINUTES = 600.0


class Outlook:
    name = "outlook"
    envelope = Envelope()
    endpoints = ("outlook.authorize", "outlook.token", *CALLS)

    def __init__(self, shared: Shared) -> None:
        clients, accounts, self._mode = shared.clients, shared.accounts, shared.mode
        self._grants, self._limits = OutlookGrants(shared.mode), Limits()
        self._identity = OutlookIdentity()
        self._authorize = OutlookAuthorize(clients, accounts, self._grants)
        self._token = OutlookToken(clients, accounts, self._grants, self._identity, shared.mode)
        self._store = OutlookStore(accounts, shared.clock)
        self._api = Api(shared, self._grants, self._store)
        self._rooms, guests = Rooms(self._store, shared.mode), Guests(self._store)
        self._push = OutlookPush(self._api, shared.push)
        self._graph = (OutlookGraph(self._api), OutlookEvents(self._api, self._rooms), OutlookSchedule(self._api),
                       OutlookWrites(self._api, self._rooms, guests), self._push)
        self._desk = Desk(OutlookHand(self._store, guests, self._api.published))
        self.auto_approve = self._authorize.auto_approve

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for part in (self._authorize, self._token, *self._graph):
            part.add_routes(router)
        router.add_get(KEYS_PATH, self._keys)

    def addresses(self, base: str) -> dict[str, str]:
        """{tenant} stands for a tenant, as in the directives."""
        return {"authorize_url": base + AUTHORIZE_PATH, "token_url": base + TOKEN_PATH,
                "api_url": base + BASE, "jwks_url": base + KEYS_PATH}

    async def endpoint_of(self, _http: web.Request, route: str) -> str:
        return route

    def features(self, http: web.Request, endpoint: str) -> dict[str, str]:
        return self._api.features(http) if endpoint in CALLS else {}

    def enter(self, _http: web.Request, _endpoint: str, account: str) -> web.Response | None:
        mode = self._mode
        over = self._limits.enter(account, mode.outlook_per_ten_minutes, TEN_MINUTES, mode.outlook_at_once)
        return graph_error("ApplicationThrottled", headers={"Retry-After": "10"}) if over else None

    def leave(self, account: str) -> None:
        self._limits.leave(account)

    def fault_answer(self, http: web.Request, endpoint: str, kind: str,
                     params: dict) -> web.Response:
        headers = {"Retry-After": params["retry_after"]} if params.get("retry_after") else {}
        name = params.get("error", "")
        if endpoint in CALLS:
            return self._graph_fault(http, kind, params, headers)
        if kind == "status":
            return token_error(90033, status=params["status"], headers=headers)
        if kind == "rate_limit":
            return token_error(90055, headers=headers)
        if endpoint == "outlook.authorize":
            return self._authorize.fail(http, name or "server_error")
        return token_error(name or "invalid_grant", status=params["status"] or None, headers=headers)

    @staticmethod
    def _graph_fault(http: web.Request, kind: str, params: dict, headers: dict) -> web.Response:
        origin, name = f"{http.scheme}://{http.host}", params.get("error", "")
        if kind == "status":
            return graph_error("ServiceUnavailable", params["status"], headers)
        if kind == "rate_limit":
            return graph_error("ApplicationThrottled", headers=headers)
        if name in ("", "InvalidAuthenticationToken", CHALLENGE):
            return unauthenticated(origin, CHALLENGED_CLAIMS if name == CHALLENGE else "")
        return graph_error(name, params["status"] or None, headers)

    def grants(self) -> list[dict]:
        return [grant.as_dict() for grant in self._grants.all()]

    def expire_access_tokens(self, email: str | None) -> int:
        return self._grants.expire_access_tokens(email)

    def revoke_account(self, email: str) -> int:
        return self._grants.withdraw(email)

    def controls(self) -> dict:
        return {**self._desk.controls(), "lifecycle": self._push.tell_lifecycle, "subscriptions": lambda _: {
            "subscriptions": [{**one.shown(), "account": one.account.email} for one in self._push.alive()]}}

    def reset(self) -> None:
        self._grants.reset()
        self._limits.reset()
        self._store.reset()
        self._rooms.reset()
        self._push.reset()
        self._token.check.reset()
        self.auto_approve(None)

    async def _keys(self, _: web.Request) -> web.Response:
        return json_answer(self._identity.keys())
