"""Google's dialect: its OAuth endpoints and its Calendar API, as one part of the sandbox."""

from __future__ import annotations

from aiohttp import web

from .answers import Envelope, json_answer
from .desk import Desk
from .google_api import BASE, Api
from .google_authorize import PATH as AUTHORIZE_PATH
from .google_authorize import GoogleAuthorize
from .google_calendar import GoogleCalendar
from .google_conference import Conferences
from .google_errors import calendar_error, insufficient_scope, token_error, unauthenticated
from .google_events import GoogleEvents
from .google_grants import Grants
from .google_guests import Guests
from .google_hand import GoogleHand
from .google_identity import IdentitySigner
from .google_push import GooglePush
from .google_scopes import ACCEPTED, accepted
from .google_shelves import GoogleShelves
from .google_token import GoogleToken
from .google_writes import GoogleWrites
from .limits import Limits
from .shared import Shared

KEYS_PATH = "/oauth2/v3/certs"
METADATA_PATH = "/.well-known/openid-configuration"
#: What the fault kind `error` says where the test names no error.
USUAL_ERROR = {"authorize": "server_error", "token": "invalid_grant", "revoke": "invalid_token"}
#: Of the Calendar API. The list of calendars has a name of its own.
METHODS = {method: "calendarList" if method == "calendarList.list" else method for method in ACCEPTED}
MINUTE = 60.0


def retry_after(params: dict) -> dict:
    return {"Retry-After": params["retry_after"]} if params.get("retry_after") else {}


class Google:
    name = "google"
    envelope = Envelope()
    endpoints = (*USUAL_ERROR, *METHODS.values())

    def __init__(self, issuer: str, shared: Shared) -> None:
        self._issuer, self._mode = issuer, shared.mode
        self._grants, self._limits = Grants(shared.mode), Limits()
        self._signer = IdentitySigner(issuer)
        self._authorize = GoogleAuthorize(issuer, shared.clients, shared.accounts, self._grants)
        self._token = GoogleToken(shared.clients, shared.accounts, self._grants, self._signer, shared.mode)
        self._shelves = GoogleShelves(shared.accounts, shared.clock)
        self._api = Api(shared.accounts, self._grants, self._shelves, shared.violations, shared.ledger)
        self._conferences, guests = Conferences(self._shelves, shared.mode), Guests(self._shelves)
        self._push = GooglePush(self._api, shared.push, shared.mode)
        self._calendar = (GoogleCalendar(self._api), self._push, GoogleEvents(self._api, self._conferences),
                          GoogleWrites(self._api, self._conferences, guests))
        self._desk = Desk(GoogleHand(self._shelves, guests))
        self.auto_approve = self._authorize.auto_approve

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for part in (self._authorize, self._token, *self._calendar):
            part.add_routes(router)
        router.add_get(KEYS_PATH, self._keys)
        router.add_get(METADATA_PATH, self._metadata)

    async def endpoint_of(self, _http: web.Request, route: str) -> str:
        return route

    def features(self, http: web.Request, endpoint: str) -> dict[str, str]:
        return {} if endpoint in USUAL_ERROR else self._api.features(http)

    def enter(self, _http: web.Request, _endpoint: str, account: str) -> web.Response | None:
        over = self._limits.enter(account, self._mode.google_per_minute, MINUTE)
        return calendar_error("userRateLimitExceeded") if over else None

    def leave(self, account: str) -> None:
        self._limits.leave(account)

    def addresses(self, base: str) -> dict[str, str]:
        return {"authorize_url": base + AUTHORIZE_PATH, "token_url": f"{base}/token",
                "revoke_url": f"{base}/revoke", "api_url": base + BASE,
                "jwks_url": base + KEYS_PATH, "metadata_url": base + METADATA_PATH,
                "issuer": self._issuer}

    def fault_answer(self, http: web.Request, endpoint: str, kind: str,
                     params: dict) -> web.Response:
        headers = retry_after(params)
        params = {**params, "error": params.get("error") or USUAL_ERROR.get(endpoint, "authError")}
        if endpoint not in USUAL_ERROR:
            return self._calendar_fault(endpoint, kind, params, headers)
        if kind == "status":
            return token_error("internal_failure", params["status"], headers)
        if kind == "rate_limit":
            return token_error("rate_limit", headers=headers)
        if endpoint == "authorize":
            return self._authorize.fail(http, params["error"])
        return token_error(params["error"], params["status"] or None, headers)

    @staticmethod
    def _calendar_fault(endpoint: str, kind: str, params: dict, headers: dict) -> web.Response:
        if kind == "status":
            return calendar_error("backendError", params["status"], headers)
        if kind == "rate_limit":
            return calendar_error(params["reason"], params["status"], headers)
        if params["error"] == "authError":
            return unauthenticated()
        if params["error"] == "insufficientPermissions":
            method = next(method for method, name in METHODS.items() if name == endpoint)
            return insufficient_scope(method, accepted(method))
        return calendar_error(params["error"], params["status"] or None, headers)

    def grants(self) -> list[dict]:
        return [grant.as_dict() for grant in self._grants.all()]

    def expire_access_tokens(self, email: str | None) -> int:
        return self._grants.expire_access_tokens(email)

    def revoke_account(self, email: str) -> int:
        return self._grants.withdraw(email)

    def controls(self) -> dict:
        return {**self._desk.controls(), "expire-lists": self._expire_lists,
                "channels": lambda _: {"channels": [one.as_dict() for one in self._push.alive()]}}

    def _expire_lists(self, wishes: dict) -> dict:
        """Every cursor of the account's list of calendars is refused."""
        account = self._api.accounts.ensure(str(wishes.get("account")))
        account.list_generation += 1
        return {}

    def reset(self) -> None:
        self._grants.reset()
        self._shelves.reset()
        self._conferences.reset()
        self._push.reset()
        self._limits.reset()
        self.auto_approve(None)

    async def _keys(self, _: web.Request) -> web.Response:
        return json_answer(self._signer.keys())

    async def _metadata(self, http: web.Request) -> web.Response:
        """OpenID Connect Discovery 1.0, with the addresses by which the client came here."""
        known = self.addresses(f"{http.scheme}://{http.host}")
        return json_answer({
            "issuer": self._issuer, "authorization_endpoint": known["authorize_url"],
            "token_endpoint": known["token_url"], "revocation_endpoint": known["revoke_url"],
            "jwks_uri": known["jwks_url"],
            "response_types_supported": ["code"], "response_modes_supported": ["query"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["client_secret_post",
                                                      "client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True})
