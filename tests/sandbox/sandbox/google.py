"""Google's dialect: its OAuth endpoints and its Calendar API, as one part of the sandbox."""

from __future__ import annotations

from aiohttp import web

from .accounts import Accounts
from .answers import Envelope, json_answer
from .google_authorize import PATH as AUTHORIZE_PATH
from .google_authorize import GoogleAuthorize
from .google_calendar import BASE, GoogleCalendar
from .google_errors import calendar_error, insufficient_scope, token_error, unauthenticated
from .google_grants import Grants
from .google_identity import IdentitySigner
from .google_scopes import accepted
from .google_token import GoogleToken
from .mode import Mode
from .settings import Client

KEYS_PATH = "/oauth2/v3/certs"
METADATA_PATH = "/.well-known/openid-configuration"
#: What the fault kind `error` says where the test names no error.
USUAL_ERROR = {"authorize": "server_error", "token": "invalid_grant", "revoke": "invalid_token",
               "calendarList": "authError"}


def retry_after(params: dict) -> dict:
    return {"Retry-After": params["retry_after"]} if params.get("retry_after") else {}


class Google:
    name = "google"
    envelope = Envelope()
    endpoints = ("authorize", "token", "revoke", "calendarList")

    def __init__(self, issuer: str, clients: dict[str, Client], accounts: Accounts,
                 mode: Mode) -> None:
        self._issuer = issuer
        self._grants = Grants(mode)
        self._signer = IdentitySigner(issuer)
        self._authorize = GoogleAuthorize(issuer, clients, accounts, self._grants)
        self._token = GoogleToken(clients, accounts, self._grants, self._signer, mode)
        self._calendar = GoogleCalendar(accounts, self._grants)
        self.auto_approve = self._authorize.auto_approve

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for part in (self._authorize, self._token, self._calendar):
            part.add_routes(router)
        router.add_get(KEYS_PATH, self._keys)
        router.add_get(METADATA_PATH, self._metadata)

    def addresses(self, base: str) -> dict[str, str]:
        return {"authorize_url": base + AUTHORIZE_PATH, "token_url": f"{base}/token",
                "revoke_url": f"{base}/revoke", "api_url": base + BASE,
                "jwks_url": base + KEYS_PATH, "metadata_url": base + METADATA_PATH,
                "issuer": self._issuer}

    def fault_answer(self, http: web.Request, endpoint: str, kind: str,
                     params: dict) -> web.Response:
        headers = retry_after(params)
        params = {**params, "error": params.get("error") or USUAL_ERROR[endpoint]}
        if endpoint == "calendarList":
            return self._calendar_fault(kind, params, headers)
        if kind == "status":
            return token_error("internal_failure", params["status"], headers)
        if kind == "rate_limit":
            return token_error("rate_limit", headers=headers)
        if endpoint == "authorize":
            return self._authorize.fail(http, params["error"])
        return token_error(params["error"], headers=headers)

    @staticmethod
    def _calendar_fault(kind: str, params: dict, headers: dict) -> web.Response:
        if kind == "status":
            return calendar_error("backendError", params["status"], headers)
        if kind == "rate_limit":
            return calendar_error(params["reason"], params["status"], headers)
        if params["error"] == "authError":
            return unauthenticated()
        if params["error"] == "insufficientPermissions":
            return insufficient_scope("calendarList.list", accepted("calendarList.list"))
        return calendar_error(params["error"], headers=headers)

    def grants(self) -> list[dict]:
        return [grant.as_dict() for grant in self._grants.all()]

    def expire_access_tokens(self, email: str | None) -> int:
        return self._grants.expire_access_tokens(email)

    def revoke_account(self, email: str) -> int:
        return self._grants.withdraw(email)

    def controls(self) -> dict:
        return {}

    def reset(self) -> None:
        self._grants.reset()
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
