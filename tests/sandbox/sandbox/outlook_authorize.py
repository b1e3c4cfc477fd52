"""Microsoft's authorization endpoint: checks a request, asks the user, sends the browser back."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from . import pages
from .accounts import Account, Accounts
from .answers import html_answer
from .consent import back_to, chosen_account
from .forms import Parameters, form_of, query_of
from .outlook_errors import description, number_of
from .outlook_grants import Code, OutlookGrants
from .outlook_identity import may_sign_in
from .settings import Client

PATH = "/{tenant}/oauth2/v2.0/authorize"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PARAMETERS = ("client_id", "redirect_uri", "response_type", "response_mode", "scope", "state",
              "nonce", "prompt", "code_challenge", "code_challenge_method", "login_hint",
              "domain_hint")
RESOURCE = "https://graph.microsoft.com/"
#: What the page says about each scope.
SCOPES = {
    "openid": "Sign you in", "profile": "View your basic profile",
    "email": "View your e-mail address",
    "offline_access": "Maintain access to data you have given it access to",
    "Calendars.Read": "Read your calendars",
    "Calendars.ReadWrite": "Have full access to your calendars",
    "MailboxSettings.Read": "Read your mailbox settings",
    "User.Read": "Sign you in and read your profile",
}
PROMPTS = ("", "login", "none", "consent", "select_account")


class Refused(Exception):
    """Microsoft shows these on its own page; they never reach the redirect URI."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.number, self.text = number, text


@dataclass(frozen=True)
class AuthorizationRequest:
    client: Client
    tenant: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    nonce: str
    challenge: str
    prompt: str
    login_hint: str


def parse_request(tenant: str, given: Parameters,
                  clients: dict[str, Client]) -> AuthorizationRequest:
    """Raises Refused. Stricter than Microsoft in one thing: PKCE with S256 is required."""
    doubled = given.doubled(PARAMETERS)
    if doubled:
        raise Refused(90023, f"A parameter is given twice: {doubled}")
    for name in ("client_id", "response_type", "scope", "redirect_uri"):
        if not given.get(name):
            raise Refused(900144, f"The request must contain the parameter '{name}'.")
    client = clients.get(given.get("client_id"))
    if client is None:
        raise Refused(700016, description(700016, given.get("client_id")))
    if given.get("redirect_uri") not in client.redirect_uris:
        raise Refused(50011, description(50011, client.client_id))
    if given.get("response_type") != "code" or given.get("response_mode", "query") != "query":
        raise Refused(700054, "Only response_type code with response_mode query is served.")
    scopes = tuple(dict.fromkeys(scope.removeprefix(RESOURCE)
                                 for scope in given.get("scope").split()))
    if not set(scopes) <= SCOPES.keys():
        raise Refused(70011, f"The scope isn't valid: {set(scopes) - SCOPES.keys()}")
    if given.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(
            given.get("code_challenge")):
        raise Refused(501471, "code_challenge must be 43 base64url characters, for S256.")
    if given.get("prompt") not in PROMPTS:
        raise Refused(90023, f"The value of prompt isn't supported: {given.get('prompt')}")
    return AuthorizationRequest(
        client, tenant, given.get("redirect_uri"), scopes,
        given.get("state") if given.all("state") else None, given.get("nonce"),
        given.get("code_challenge"), given.get("prompt"), given.get("login_hint"))


class OutlookAuthorize:
    def __init__(self, clients: dict[str, Client], accounts: Accounts,
                 grants: OutlookGrants) -> None:
        self._clients, self._accounts, self._grants = clients, accounts, grants
        self._approval: dict | None = None
        self._approved = 0

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(PATH, self.show, name="outlook.authorize")
        router.add_post(PATH, self.decide, name="outlook.authorize")

    def auto_approve(self, approval: dict | None) -> None:
        """`email` (in which {n} is replaced by a running number), `deny`; scopes can't be chosen."""
        self._approval, self._approved = approval, 0

    async def show(self, http: web.Request) -> web.Response:
        given = query_of(http)
        try:
            request = parse_request(http.match_info["tenant"], given, self._clients)
        except Refused as refused:
            return self._refusal(refused)
        if self._approval is not None:
            self._approved += 1
            if self._approval.get("deny"):
                return self._declined(request)
            email = self._approval["email"].replace("{n}", str(self._approved))
            return self._allow(request, self._accounts.ensure(email))
        if request.prompt == "none":
            return self._back(request, {"error": "interaction_required",
                                        "error_description": description(50076)})
        return self._page(request, given)

    async def decide(self, http: web.Request) -> web.Response:
        form = await form_of(http) or Parameters("")
        try:
            request = parse_request(http.match_info["tenant"], form, self._clients)
        except Refused as refused:
            return self._refusal(refused)
        if form.get("decision") != "allow":
            return self._declined(request)
        account, complaint = chosen_account(form, self._accounts)
        if account is None:
            return self._page(request, form, complaint)
        if not may_sign_in(request.tenant, account):
            return self._page(request, form, "This account can't be used here. Choose another "
                                             "account.")
        return self._allow(request, account)

    def fail(self, http: web.Request, error: str) -> web.Response:
        """Sends the browser back with an error of the test's choice: a word, or a number that
        comes with access_denied."""
        number = number_of(error)
        answer = ({"error": error} if number is None else
                  {"error": "access_denied", "error_description": description(number)})
        try:
            return self._back(parse_request(http.match_info["tenant"], query_of(http),
                                            self._clients), answer)
        except Refused as refused:
            return self._refusal(refused)

    def _allow(self, request: AuthorizationRequest, account: Account) -> web.Response:
        if account.needs_admin_consent:
            return self._back(request, {"error": "access_denied",
                                        "error_description": description(90094)})
        code = self._grants.issue_code(Code(
            request.client, request.tenant, request.redirect_uri, request.challenge,
            request.nonce, account.email, list(request.scopes)))
        return self._back(request, {"code": code}, {"session_state": str(uuid.uuid4())})

    def _declined(self, request: AuthorizationRequest) -> web.Response:
        return self._back(request, {
            "error": "access_denied", "error_subcode": "cancel",
            "error_description": "AADSTS65004: User declined to consent to access the app."})

    @staticmethod
    def _back(request: AuthorizationRequest, answer: dict, last: dict | None = None) -> web.Response:
        """A redirect to the client. There is no `iss`."""
        members = {} if request.state is None else {"state": request.state}
        return back_to(request.redirect_uri, {**answer, **members, **(last or {})})

    def _page(self, request: AuthorizationRequest, given: Parameters,
              complaint: str = "") -> web.Response:
        hinted = self._accounts.find_hint(request.login_hint)
        view = pages.ConsentView(
            action=PATH.format(tenant=quote(request.tenant)), client_id=request.client.client_id,
            redirect_uri=request.redirect_uri,
            accounts=[(one.email, one.name) for one in self._accounts.chooser()],
            chosen=hinted.email if hinted else "",
            other=given.get("other_account") or ("" if hinted else request.login_hint),
            scopes=[pages.ScopeBox(scope, SCOPES[scope], False, True) for scope in request.scopes],
            hidden=[(name, given.get(name)) for name in PARAMETERS if given.all(name)],
            complaint=complaint)
        return html_answer(pages.consent(view), 400 if complaint else 200,
                           pages.headers(request.redirect_uri))

    @staticmethod
    def _refusal(refused: Refused) -> web.Response:
        return html_answer(pages.refusal(f"AADSTS{refused.number}", refused.text, 400), 400,
                           pages.headers())
