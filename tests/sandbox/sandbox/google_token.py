"""Google's token and revocation endpoints."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import random
import re
from urllib.parse import unquote_plus

from aiohttp import web

from .accounts import Accounts
from .answers import UNCACHED, html_answer, json_answer
from .forms import Parameters, form_of, query_of
from .google_errors import invalid_request, token_error
from .google_grants import Grant, Grants
from .google_identity import IdentitySigner
from .google_scopes import PREFIX, SIGN_IN
from .mode import Mode
from .settings import Client
from .signing import base64url

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
PARAMETERS = ("grant_type", "code", "client_id", "client_secret", "redirect_uri",
              "code_verifier", "refresh_token", "token")


def verifier_fits(verifier: str, challenge: str) -> bool:
    """RFC 7636, 4.6 with S256."""
    made = base64url(hashlib.sha256(verifier.encode()).digest())
    return bool(VERIFIER.fullmatch(verifier)) and hmac.compare_digest(made, challenge)


def basic_credentials(http: web.Request) -> tuple[str, str] | None:
    """Client id and secret of client_secret_basic (RFC 6749, 2.3.1); None without them."""
    scheme, _, text = http.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def shuffled(scopes: list[str]) -> str:
    """Google gives the granted scopes back in an order of its own."""
    return " ".join(random.sample(scopes, len(scopes)))


class GoogleToken:
    def __init__(self, clients: dict[str, Client], accounts: Accounts, grants: Grants,
                 signer: IdentitySigner, mode: Mode) -> None:
        self._clients, self._accounts, self._grants = clients, accounts, grants
        self._signer, self._mode = signer, mode

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/token", self.token, name="token")
        router.add_get("/token", self.not_found)
        router.add_post("/revoke", self.revoke, name="revoke")

    async def not_found(self, _: web.Request) -> web.Response:
        return html_answer("<!DOCTYPE html><title>Error 404 (Not Found)</title>", 404)

    async def token(self, http: web.Request) -> web.Response:
        form = await form_of(http)
        if form is None:
            return invalid_request("Content-Type must be application/x-www-form-urlencoded")
        doubled = form.doubled(PARAMETERS)
        if doubled:
            return invalid_request(f"Parameter has more than one value: {doubled}")
        client = self._client(http, form)
        if isinstance(client, web.Response):
            return client
        grant_type = form.get("grant_type")
        if grant_type == "authorization_code":
            return self._exchange(http, form, client)
        if grant_type == "refresh_token":
            return self._refresh(http, form, client)
        if not grant_type:
            return invalid_request("Required parameter is missing: grant_type")
        return invalid_request(f"Invalid grant_type: {grant_type}", "unsupported_grant_type")

    async def revoke(self, http: web.Request) -> web.Response:
        form = await form_of(http) or Parameters("")
        token = form.get("token") or query_of(http).get("token")
        if not token:
            return invalid_request("Required parameter is missing: token")
        if not self._grants.revoke(token):
            return token_error("invalid_token")
        return json_answer({}, headers=UNCACHED)

    def _client(self, http: web.Request, form: Parameters) -> Client | web.Response:
        """The authenticated client, or the refusal."""
        basic = basic_credentials(http)
        if basic and form.get("client_secret"):
            return invalid_request("Only one way of client authentication may be used.")
        client_id, secret = basic or (form.get("client_id"), form.get("client_secret"))
        if not client_id:
            return invalid_request("Could not determine client ID from request.")
        client = self._clients.get(client_id)
        if client is None:
            return token_error("invalid_client")
        if not secret:
            return invalid_request("client_secret is missing.")
        if not hmac.compare_digest(secret.encode(), client.secret.encode()):
            return token_error("wrong_secret")
        return client

    def _exchange(self, http: web.Request, form: Parameters, client: Client) -> web.Response:
        text = form.get("code")
        if not text:
            return invalid_request("Required parameter is missing: code")
        if not text.startswith("4/"):
            return token_error("malformed_code")
        code = self._grants.find_code(text)
        if code is None or code.client.client_id != client.client_id:
            return token_error("code_used")
        self._grants.use_code(text)
        if form.get("redirect_uri") != code.redirect_uri:
            return token_error("redirect_uri_mismatch")
        if not verifier_fits(form.get("code_verifier"), code.challenge):
            return token_error("code_used")
        faults = http["faults"]
        short = faults.behaviour("short_scope")
        scopes = without(code.scopes, short["without"]) if short else code.scopes
        grant, refresh_token = self._grants.begin(
            code, scopes, refresh_wanted=faults.behaviour("no_refresh_token") is None)
        body = self._tokens(grant, refresh_token)
        if refresh_token and self._mode.refresh_expires_in is not None:
            body["refresh_token_expires_in"] = self._mode.refresh_expires_in
        if "openid" in scopes:
            wrong = faults.behaviour("bad_id_token")
            claim = wrong["claim"] if wrong else None
            if claim != "missing":
                body["id_token"] = self._signer.id_token(
                    self._accounts.ensure(code.email), client.client_id, code.nonce,
                    body["access_token"], SIGN_IN["email"] in scopes, claim)
        return json_answer(body, headers=UNCACHED)

    def _refresh(self, http: web.Request, form: Parameters, client: Client) -> web.Response:
        text = form.get("refresh_token")
        if not text:
            return invalid_request("Required parameter is missing: refresh_token")
        grant = self._grants.find_refresh(text)
        if grant is None:
            return token_error("invalid_grant")
        if grant.client.client_id != client.client_id:
            return token_error("unauthorized_client")
        short = http["faults"].behaviour("short_scope")
        if short:
            grant.scopes = without(grant.scopes, short["without"])
        return json_answer(self._tokens(grant, self._grants.refresh(grant)), headers=UNCACHED)

    def _tokens(self, grant: Grant, refresh_token: str | None) -> dict:
        body = {"access_token": self._grants.new_access_token(grant),
                "expires_in": self._mode.expires_in}
        if refresh_token:
            body["refresh_token"] = refresh_token
        return {**body, "scope": shuffled(grant.scopes), "token_type": "Bearer"}


def without(scopes: list[str], left_out: list[str]) -> list[str]:
    """The scopes less those named (short names do); with no names, less all Calendar scopes."""
    if not left_out:
        return [scope for scope in scopes if not scope.startswith(PREFIX + "calendar")]
    return [scope for scope in scopes
            if scope not in left_out and scope.removeprefix(PREFIX) not in left_out]
