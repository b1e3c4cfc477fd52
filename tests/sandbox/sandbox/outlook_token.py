"""Microsoft's token endpoint."""

from __future__ import annotations

import time

from aiohttp import web

from .accounts import Accounts
from .answers import UNCACHED, json_answer
from .forms import Parameters, form_of
from .google_token import verifier_fits
from .mode import Mode
from .outlook_authorize import RESOURCE
from .outlook_client import ClientCheck
from .outlook_errors import TOKEN_TYPE, token_error
from .outlook_grants import Grant, OutlookGrants
from .outlook_identity import OutlookIdentity
from .settings import Client

PATH = "/{tenant}/oauth2/v2.0/token"
SIGN_IN = ("openid", "profile", "email", "offline_access")
PARAMETERS = ("grant_type", "code", "client_id", "client_secret", "client_assertion",
              "client_assertion_type", "redirect_uri", "code_verifier", "refresh_token", "scope")


class OutlookToken:
    def __init__(self, clients: dict[str, Client], accounts: Accounts, grants: OutlookGrants,
                 identity: OutlookIdentity, mode: Mode) -> None:
        self._accounts, self._grants = accounts, grants
        self._identity, self._mode = identity, mode
        self.check = ClientCheck(clients)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post(PATH, self.token, name="outlook.token")

    async def token(self, http: web.Request) -> web.Response:
        form = await form_of(http)
        if form is None or form.doubled(PARAMETERS):
            return token_error("invalid_request")
        client = self.check.client(http, form)
        if isinstance(client, web.Response):
            return client
        asked = {scope.removeprefix(RESOURCE) for scope in form.get("scope").split()}
        if form.get("grant_type") == "authorization_code":
            return self._exchange(http, form, client, asked)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(http, form, client, asked)
        return token_error("unsupported_grant_type", client.client_id)

    def _exchange(self, http: web.Request, form: Parameters, client: Client,
                  asked: set[str]) -> web.Response:
        code = self._grants.find_code(form.get("code"))
        if code is None or code.client.client_id != client.client_id:
            return token_error(70000)
        if code.used:
            return token_error(54005)
        if code.expires_at <= time.time():
            return token_error(70008)
        if code.tenant != http.match_info["tenant"]:
            return token_error(700005)
        code.used = True
        if form.get("redirect_uri") != code.redirect_uri:
            return token_error(50011, client.client_id)
        if not verifier_fits(form.get("code_verifier"), code.challenge):
            return token_error(501481)
        if not asked <= set(code.scopes):
            return token_error(65001, client.client_id)
        faults = http["faults"]
        grant = self._grants.begin(code, granted(code.scopes, faults.behaviour("short_scope")))
        offline = ("offline_access" in code.scopes
                   and faults.behaviour("no_refresh_token") is None)
        body = self._tokens(grant, offline)
        if "openid" in code.scopes:
            wrong = faults.behaviour("bad_id_token")
            claim = wrong["claim"] if wrong else None
            if claim != "missing":
                body["id_token"] = self._identity.id_token(
                    f"{http.scheme}://{http.host}", self._accounts.ensure(code.email),
                    client.client_id, code.nonce, claim)
        return json_answer(body, headers={"Content-Type": TOKEN_TYPE, **UNCACHED})

    def _refresh(self, http: web.Request, form: Parameters, client: Client,
                 asked: set[str]) -> web.Response:
        grant = self._grants.find_refresh(form.get("refresh_token"))
        if grant is None or grant.client.client_id != client.client_id:
            return token_error(70000)
        if grant.ended_by or not asked <= {*grant.scopes, *SIGN_IN}:
            return token_error(65001, client.client_id)
        grant.refreshes += 1
        grant.scopes = granted(grant.scopes, http["faults"].behaviour("short_scope"))
        renewed = http["faults"].behaviour("no_refresh_token") is None
        body = self._tokens(grant, renewed)
        body["id_token"] = self._identity.id_token(
            f"{http.scheme}://{http.host}", self._accounts.ensure(grant.email), client.client_id, "")
        return json_answer(body, headers={"Content-Type": TOKEN_TYPE, **UNCACHED})

    def _tokens(self, grant: Grant, with_refresh_token: bool) -> dict:
        """`scope` comes back without offline_access."""
        shown = [scope for scope in grant.scopes if scope != "offline_access"]
        body = {"token_type": "Bearer", "scope": " ".join(shown),
                "expires_in": self._mode.expires_in, "ext_expires_in": self._mode.expires_in,
                "access_token": self._grants.new_access_token(grant)}
        if with_refresh_token:
            body["refresh_token"] = self._grants.new_refresh_token(grant)
        return body


def granted(scopes: list[str], short: dict | None) -> list[str]:
    """The scopes, or with a short_scope fault those without its names; with no names, without all
    of Graph's."""
    if short is None:
        return scopes
    left_out = short["without"] or [scope for scope in scopes if scope not in SIGN_IN]
    return [scope for scope in scopes if scope not in left_out]
