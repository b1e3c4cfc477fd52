"""Google's authorization endpoint: checks a request, asks the user, sends the browser back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiohttp import web

from . import pages
from .accounts import Account, Accounts
from .answers import html_answer
from .consent import back_to, chosen_account
from .forms import Parameters, form_of, query_of
from .google_grants import Code, Grants
from .google_scopes import PREFIX, SIGN_IN, explained, is_sign_in, long_name
from .settings import Client

PATH = "/o/oauth2/v2/auth"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PARAMETERS = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt",
              "access_type", "code_challenge", "code_challenge_method", "login_hint",
              "include_granted_scopes")


class Refused(Exception):
    """Google shows these on its own page; they never reach the redirect URI."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True)
class AuthorizationRequest:
    client: Client
    redirect_uri: str
    #: In their long spelling, in the order asked, each once.
    scopes: tuple[str, ...]
    #: In the spelling in which they were asked.
    asked: tuple[str, ...]
    state: str | None
    nonce: str
    challenge: str
    prompts: frozenset[str]
    offline: bool
    login_hint: str

    @property
    def optional_scopes(self) -> list[str]:
        """The scopes that the user may untick: all Calendar scopes, when there is more than
        one. A single one is granted or denied as a whole."""
        others = [scope for scope in self.scopes if not is_sign_in(scope)]
        return others if len(others) > 1 else []

    def granted(self, ticked: list[str]) -> list[str]:
        optional = self.optional_scopes
        return [scope for scope in self.scopes if scope not in optional or scope in ticked]


def parse_request(given: Parameters, clients: dict[str, Client]) -> AuthorizationRequest:
    """Raises Refused. Stricter than Google in one thing: PKCE with S256 is required."""
    doubled = given.doubled(PARAMETERS)
    if doubled:
        raise Refused("invalid_request",
                      f"OAuth 2 parameters can only have a single value: {doubled}")
    for name in ("client_id", "redirect_uri", "response_type", "scope"):
        if not given.get(name):
            raise Refused("invalid_request", f"Required parameter is missing: {name}")
    client = clients.get(given.get("client_id"))
    if client is None:
        raise Refused("invalid_client", "The OAuth client was not found.", 401)
    redirect_uri = given.get("redirect_uri")
    if redirect_uri not in client.redirect_uris:
        raise Refused("redirect_uri_mismatch", "The redirect URI in the request, "
                      f"{redirect_uri}, does not match one registered for the OAuth client.")
    if given.get("response_type") != "code":
        raise Refused("unsupported_response_type", "Invalid response_type: only code is served.")
    asked = given.get("scope").split()
    unknown = [scope for scope in asked if long_name(scope) is None]
    if unknown:
        raise Refused("invalid_scope", f"Some requested scopes were invalid: {unknown}")
    if given.get("code_challenge_method") != "S256":
        raise Refused("invalid_request", "code_challenge_method must be S256.")
    if not CHALLENGE.fullmatch(given.get("code_challenge")):
        raise Refused("invalid_request", "code_challenge must be 43 base64url characters.")
    if given.get("access_type", "online") not in ("online", "offline"):
        raise Refused("invalid_request", "access_type must be online or offline.")
    prompts = frozenset(given.get("prompt").split())
    if not prompts <= {"none", "consent", "select_account"} or (
            "none" in prompts and len(prompts) > 1):
        raise Refused("invalid_request", f"Invalid prompt: {given.get('prompt')}")
    return AuthorizationRequest(
        client, redirect_uri, tuple(dict.fromkeys(long_name(scope) for scope in asked)),
        tuple(asked), given.get("state") if given.all("state") else None, given.get("nonce"),
        given.get("code_challenge"), prompts, given.get("access_type") == "offline",
        given.get("login_hint"))


def callback_scope(request: AuthorizationRequest, granted: list[str]) -> str:
    """The informational scope of the answer: `email` and `profile` come in both spellings."""
    short = [name for name in ("email", "profile") if SIGN_IN[name] in granted]
    calendar = [scope for scope in granted if scope.startswith(PREFIX + "calendar")]
    rest = [scope for scope in granted if scope not in calendar]
    return " ".join([*short, *calendar, *rest])


class GoogleAuthorize:
    def __init__(self, issuer: str, clients: dict[str, Client], accounts: Accounts,
                 grants: Grants) -> None:
        self._issuer, self._clients = issuer, clients
        self._accounts, self._grants = accounts, grants
        self._approval: dict | None = None
        self._approved = 0

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(PATH, self.show, name="authorize")
        router.add_post(PATH, self.decide, name="authorize")

    def auto_approve(self, approval: dict | None) -> None:
        """`email` (in which {n} is replaced by a running number), `scopes`, `deny`."""
        self._approval, self._approved = approval, 0

    async def show(self, http: web.Request) -> web.Response:
        given = query_of(http)
        try:
            request = parse_request(given, self._clients)
        except Refused as refused:
            return self._refusal(refused)
        if self._approval is not None:
            return self._approve_at_once(http, request)
        if "none" in request.prompts:
            return self._back(http, request, {"error": "interaction_required"})
        return self._page(request, given)

    async def decide(self, http: web.Request) -> web.Response:
        form = await form_of(http) or Parameters("")
        try:
            request = parse_request(form, self._clients)
        except Refused as refused:
            return self._refusal(refused)
        if form.get("decision") != "allow":
            return self._back(http, request, {"error": "access_denied"})
        account, complaint = chosen_account(form, self._accounts)
        if account is None:
            return self._page(request, form, complaint)
        return self._allow(http, request, account, request.granted(form.all("granted_scope")))

    def fail(self, http: web.Request, error: str) -> web.Response:
        """Sends the browser back with an error of the test's choice."""
        try:
            return self._back(http, parse_request(query_of(http), self._clients),
                              {"error": error})
        except Refused as refused:
            return self._refusal(refused)

    def _approve_at_once(self, http: web.Request, request: AuthorizationRequest) -> web.Response:
        if self._approval.get("deny"):
            return self._back(http, request, {"error": "access_denied"})
        self._approved += 1
        email = self._approval["email"].replace("{n}", str(self._approved))
        wanted = self._approval.get("scopes")
        ticked = (list(request.scopes) if wanted is None
                  else [long_name(scope) or PREFIX + scope for scope in wanted])
        return self._allow(http, request, self._accounts.ensure(email), request.granted(ticked))

    def _allow(self, http: web.Request, request: AuthorizationRequest, account: Account,
               granted: list[str]) -> web.Response:
        if not granted:
            return self._back(http, request, {"error": "access_denied"})
        repeated = self._grants.has_consented(request.client, account.email, granted)
        consented = "consent" in request.prompts or not repeated
        code = self._grants.issue_code(Code(
            request.client, request.redirect_uri, request.challenge, request.nonce,
            account.email, granted, request.offline, "consent" in request.prompts))
        position = self._accounts.position(account)
        return self._back(http, request, {
            "code": code, "scope": callback_scope(request, granted),
            "authuser": str(position), "prompt": "consent" if consented else "none"})

    def _back(self, http: web.Request, request: AuthorizationRequest,
              answer: dict) -> web.Response:
        """A redirect to the client with state and issuer (RFC 9207), then the answer."""
        members = {} if request.state is None else {"state": request.state}
        wrong = http["faults"].behaviour("bad_iss")
        issuer = self._issuer if wrong is None else wrong["iss"]
        if issuer:
            members["iss"] = issuer
        return back_to(request.redirect_uri, {**members, **answer}, 302 if http.method == "GET" else 303)

    def _page(self, request: AuthorizationRequest, given: Parameters,
              complaint: str = "") -> web.Response:
        hinted = self._accounts.find_hint(request.login_hint)
        optional = request.optional_scopes
        ticked = given.all("granted_scope") if complaint else optional
        view = pages.ConsentView(
            action=PATH, client_id=request.client.client_id, redirect_uri=request.redirect_uri,
            accounts=[(one.email, one.name) for one in self._accounts.chooser()],
            chosen=hinted.email if hinted else "",
            other=given.get("other_account") or ("" if hinted else request.login_hint),
            scopes=[pages.ScopeBox(scope, explained(scope), scope in optional,
                                   scope not in optional or scope in ticked)
                    for scope in request.scopes],
            hidden=[(name, given.get(name)) for name in PARAMETERS if given.all(name)],
            complaint=complaint)
        return html_answer(pages.consent(view), 400 if complaint else 200,
                           pages.headers(request.redirect_uri))

    @staticmethod
    def _refusal(refused: Refused) -> web.Response:
        return html_answer(pages.refusal(refused.error, refused.description, refused.status),
                           refused.status, pages.headers())
