"""The tests' hand in the sandbox: JSON below /_control/."""

from __future__ import annotations

import json
from functools import partial

from aiohttp import web

from .answers import json_answer
from .dialect import Dialect
from .faults import FaultBoard
from .holds import Holds
from .settings import Client
from .shared import Shared
from .traffic import Traffic

PREFIX = "/_control"


def described(handler):
    """Gives the handler its JSON object, and a ValueError back as a 400 that says why."""
    async def answer(self: "Control", http: web.Request) -> web.Response:
        try:
            text = await http.read()
            wishes = json.loads(text) if text else {}
            if not isinstance(wishes, dict):
                raise ValueError("the body must be a JSON object")
            return json_answer(handler(self, http, wishes))
        except ValueError as wrong:
            return json_answer({"error": str(wrong)}, 400)
        except LookupError as missing:
            return json_answer({"error": missing.args[0]}, 404)
    return answer


class Control:
    def __init__(self, dialects: list[Dialect], shared: Shared, board: FaultBoard, holds: Holds,
                 traffic: Traffic) -> None:
        self._dialects, self._shared = dialects, shared
        self._accounts, self._clients, self._mode = shared.accounts, shared.clients, shared.mode
        self._board, self._holds, self._traffic = board, holds, traffic
        self._first_clients = dict(shared.clients)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        get, post, delete = router.add_get, router.add_post, router.add_delete
        get(f"{PREFIX}/state", self.state)
        post(f"{PREFIX}/reset", self.reset)
        get(f"{PREFIX}/accounts", self.list_accounts)
        post(f"{PREFIX}/accounts", self.put_account)
        post(f"{PREFIX}/clients", self.put_client)
        post(f"{PREFIX}/expire-access-tokens", self.expire_access_tokens)
        post(f"{PREFIX}/revoke-account", self.revoke_account)
        get(f"{PREFIX}/mode", self.show_mode)
        post(f"{PREFIX}/mode", self.change_mode)
        post(f"{PREFIX}/auto-approve", self.auto_approve)
        post(f"{PREFIX}/clock", self.change_clock)
        post(f"{PREFIX}/requests", self.requests)
        post(f"{PREFIX}/writes", self.writes)
        get(f"{PREFIX}/pushed", self.pushed)
        get(f"{PREFIX}/violations", self.violations)
        post(f"{PREFIX}/violations/take", self.take_violations)
        get(f"{PREFIX}/faults", self.list_faults)
        post(f"{PREFIX}/faults", self.arm)
        delete(f"{PREFIX}/faults", self.disarm)
        delete(f"{PREFIX}/faults/{{id}}", self.disarm)
        get(f"{PREFIX}/held", self.held)
        post(f"{PREFIX}/release", self.release)
        post(f"{PREFIX}/release/{{id}}", self.release)
        for dialect in self._dialects:
            for path, act in dialect.controls().items():
                post(f"{PREFIX}/{dialect.name}/{path}", partial(self.own_call, act))

    @described
    def state(self, _http, _wishes) -> dict:
        grants = [grant for dialect in self._dialects for grant in dialect.grants()]
        return {**self._traffic.as_dict(), "grants": grants,
                "live_grants": sum(grant["alive"] for grant in grants),
                "mode": self._mode.as_dict(), "clock": self._shared.clock.as_dict(),
                "violations": self._shared.violations.as_list(),
                "faults": [fault.as_dict() for fault in self._board.all()],
                "held": [hold.as_dict() for hold in self._holds.all()]}

    @described
    def reset(self, _http, _wishes) -> dict:
        """As just started: default accounts and clients, no grants, events, faults, holds or counts. What was violated
        stays known until it is taken."""
        self._board.disarm()
        self._holds.release()
        self._shared.reset()
        self._clients.clear()
        self._clients.update(self._first_clients)
        for dialect in self._dialects:
            dialect.reset()
        self._traffic.reset()
        return {}

    async def own_call(self, act, http: web.Request) -> web.Response:
        """A call that one dialect alone has."""
        return await described(lambda _self, _http, wishes: act(wishes))(self, http)

    @described
    def list_accounts(self, _http, _wishes) -> dict:
        return {"accounts": [account.as_dict() for account in self._accounts.all()]}

    @described
    def put_account(self, _http, wishes) -> dict:
        return self._accounts.put(wishes).as_dict()

    @described
    def put_client(self, _http, wishes) -> dict:
        """Registers an OAuth client, or changes one: another secret, another redirect URI.
        Grants belong to the client id and outlive a change of its secret."""
        known = self._clients.get(wishes.get("client_id"))
        uris = wishes.get("redirect_uris", known.redirect_uris if known else None)
        texts = [wishes.get("client_id"), wishes.get("secret", known.secret if known else None),
                 wishes.get("project", known.project if known else "sandbox")]
        certificate = wishes.get("certificate", known.certificate if known else "")
        if not all(isinstance(text, str) and text for text in texts):
            raise ValueError("client_id, secret and project are texts")
        if not isinstance(certificate, str):
            raise ValueError("certificate is a text")
        if not isinstance(uris, (list, tuple)) or not all(isinstance(uri, str) for uri in uris):
            raise ValueError("redirect_uris is a list of texts")
        client_id, secret, project = texts
        self._clients[client_id] = Client(client_id, secret, tuple(uris), project, certificate)
        return {"client_id": client_id, "project": project, "redirect_uris": list(uris)}

    @described
    def expire_access_tokens(self, _http, wishes) -> dict:
        email = wishes.get("email")
        return {"expired": sum(one.expire_access_tokens(email) for one in self._dialects)}

    @described
    def revoke_account(self, _http, wishes) -> dict:
        email = str(wishes.get("email", ""))
        account = self._accounts.find(email)
        revoked = sum(one.revoke_account(account.email if account else email) for one in self._dialects)
        if account is None and not revoked:
            raise LookupError("no such account")
        return {"revoked": revoked}

    @described
    def show_mode(self, _http, _wishes) -> dict:
        return self._mode.as_dict()

    @described
    def change_mode(self, _http, wishes) -> dict:
        self._mode.change(wishes)
        return self._mode.as_dict()

    @described
    def auto_approve(self, _http, wishes) -> dict:
        """On with an e-mail address (in which {n} counts up) or with deny; off without."""
        email, scopes = wishes.get("email"), wishes.get("scopes")
        deny = wishes.get("deny", False)
        if not isinstance(email, (str, type(None))) or not isinstance(scopes, (list, type(None))):
            raise ValueError("email is a text, scopes a list or null")
        approval = {"email": email, "scopes": scopes, "deny": deny} if email or deny else None
        for dialect in self._dialects:
            dialect.auto_approve(approval)
        return {"on": approval is not None}

    @described
    def change_clock(self, _http, wishes) -> dict:
        self._shared.clock.change(wishes)
        return self._shared.clock.as_dict()

    @described
    def requests(self, _http, wishes) -> dict:
        return {"requests": self._traffic.requests(wishes)}

    @described
    def writes(self, _http, wishes) -> dict:
        return {"writes": self._shared.ledger.as_list(wishes)}

    @described
    def pushed(self, _http, _wishes) -> dict:
        return {"pushed": self._shared.push.as_list(), "under_way": self._shared.push.under_way}

    @described
    def violations(self, _http, _wishes) -> dict:
        return {"violations": self._shared.violations.as_list()}

    @described
    def take_violations(self, _http, _wishes) -> dict:
        return {"violations": self._shared.violations.take()}

    @described
    def list_faults(self, _http, _wishes) -> dict:
        return {"faults": [fault.as_dict() for fault in self._board.all()]}

    @described
    def arm(self, _http, wishes) -> dict:
        return self._board.arm(wishes).as_dict()

    @described
    def disarm(self, http, _wishes) -> dict:
        """A disarmed fault ends its hanging and dripping answers and lets go its holds."""
        gone = self._board.disarm(http.match_info.get("id"))
        if not gone and "id" in http.match_info:
            raise LookupError("no such fault")
        for fault in gone:
            self._holds.release(fault.id)
        return {"disarmed": [fault.id for fault in gone]}

    @described
    def held(self, _http, _wishes) -> dict:
        return {"held": [hold.as_dict() for hold in self._holds.all()]}

    @described
    def release(self, http, _wishes) -> dict:
        """By the id of a wait, by the id of its fault, or all."""
        name = http.match_info.get("id")
        released = self._holds.release(name)
        if name and not released:
            raise LookupError("nothing waits under this id")
        return {"released": released}
