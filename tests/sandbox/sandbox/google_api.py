"""What every call of the Calendar API meets: the published names and types, the token, its scope, the calendar."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .accounts import Account, Accounts, Calendar
from .answers import JSON_TYPE
from .forms import Parameters, query_of
from .google_errors import Refusal, insufficient_scope, unauthenticated
from .google_fields import selected
from .google_grants import Grant, Grants
from .google_scopes import accepted, opens_only_owned, opens_times_only
from .google_shelves import GoogleShelves
from .google_times import Unfit
from .ledger import Ledger
from .published import Published
from .tokens import bearer_of
from .violations import Violations

BASE = "/calendar/v3"
WRITERS = ("writerWithoutPrivateAccess", "writer", "owner")
#: Of every call of Google's (Calendar API reference, "Standard query parameters").
STANDARD = {"fields": "string", "alt": "string", "prettyPrint": "boolean"}


@dataclass
class Call:
    """A call that is let in."""

    http: web.Request
    query: Parameters
    body: dict
    account: Account
    #: As it stands in the account's list; None where the path names none.
    calendar: Calendar | None
    times_only: bool
    #: What the ledger keeps of a write.
    entry: dict = field(default_factory=dict)

    @property
    def event_id(self) -> str:
        return self.http.match_info["event"]


class Api:
    def __init__(self, accounts: Accounts, grants: Grants, shelves: GoogleShelves, violations: Violations,
                 ledger: Ledger) -> None:
        self.accounts, self.grants, self.shelves = accounts, grants, shelves
        self._violations, self._ledger = violations, ledger
        self._published = Published("google")

    def grant_of(self, http: web.Request) -> Grant | None:
        token = bearer_of(http)
        return None if token is None else self.grants.access(token)

    def features(self, http: web.Request) -> dict[str, str]:
        """What faults may be limited by."""
        grant, found = self.grant_of(http), {}
        if grant is None:
            return found
        account = self.accounts.ensure(grant.email)
        found["account"] = account.email
        if name := http.match_info.get("calendar"):
            known = self.shelves.find(account, name)
            found["calendar"] = known.id if known else name
        found["id"] = http.match_info.get("event", "")
        return {**found, "page": "later" if http.query.get("pageToken") else "first",
                "cursor": "with" if http.query.get("syncToken") else "without"}

    async def serve(self, http: web.Request, method: str, handler) -> web.Response:
        """`method` is such as events.list; `handler` takes a Call and returns the answer's body, or None for 204."""
        query, body, complaints = await self._read(http, method)
        if complaints:
            self._violations.record("request", http, method, complaints)
        if (refused := self._let_in(http, method)) is not None:
            return refused
        grant = self.grant_of(http)
        call = Call(http, query, body, self.accounts.ensure(grant.email), None, opens_times_only(grant.scopes, method))
        try:
            if complaints:
                raise Refusal("badRequest", message=complaints[0])
            self._find_calendar(call, grant, method)
            answer = self._checked(http, method, await handler(call), query.get("fields"))
        except Unfit as problem:
            answer = Refusal("invalid", message=str(problem),
                             place={"locationType": "parameter", "location": problem.where}).answer()
        except Refusal as refusal:
            answer = refusal.answer()
        if call.entry:
            call.entry["status"] = answer.status
        return answer

    def record(self, call: Call, method: str) -> None:
        """A write: kept as it came."""
        call.entry = self._ledger.write("google", call.http, method, account=call.account.email, body=call.body,
                                        calendar=call.calendar.id if call.calendar else None,
                                        id=call.http.match_info.get("event"))

    async def _read(self, http: web.Request, method: str) -> tuple[Parameters, dict, list[str]]:
        known, query, body = self._published.methods[method], query_of(http), {}
        complaints = self._published.query({**known["query"], **STANDARD}, query.pairs)
        text = await http.read()
        if known["body"] is None:
            return query, body, complaints + (["a body where there is none"] if text else [])
        try:
            body = json.loads(text)
        except ValueError:
            return query, {}, [*complaints, "the body is not JSON"]
        if http.content_type != "application/json":
            complaints.append(f"the body's type is {http.content_type}")
        complaints += self._published.complaints(body, known["body"], null=http.method == "PATCH")
        return query, body if isinstance(body, dict) else {}, complaints

    def _let_in(self, http: web.Request, method: str) -> web.Response | None:
        """None, or the refusal."""
        grant, scopes = self.grant_of(http), accepted(method)
        if grant is None:
            return unauthenticated(token_given="Authorization" in http.headers)
        return None if set(scopes) & set(grant.scopes) else insufficient_scope(method, scopes)

    def _find_calendar(self, call: Call, grant: Grant, method: str) -> None:
        name = call.http.match_info.get("calendar")
        if name is None:
            return
        call.calendar = self.shelves.find(call.account, name)
        if call.calendar is None:
            raise Refusal("notFound")
        if opens_only_owned(grant.scopes, method) and call.calendar.role != "owner":
            raise Refusal("forbidden")
        if method in ("events.insert", "events.patch", "events.update", "events.delete", "events.move"):
            self.record(call, method)
            if call.calendar.role not in WRITERS:
                raise Refusal("requiredAccessLevel")

    def _checked(self, http: web.Request, method: str, body: Any, fields: str) -> web.Response:
        """The answer, held to the published types too."""
        kind = self._published.methods[method]["answer"]
        if body is None:
            return web.Response(status=204)
        if http.method == "GET" and http.headers.get("If-None-Match") == body.get("etag"):
            return web.Response(status=304, headers={"ETag": body["etag"]})
        complaints = self._published.complaints(body, kind, null=False)
        if complaints and not http.get("odd"):
            self._violations.record("answer", http, method, complaints)
        if fields:
            body = selected(body, fields, kind, self._published)
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        etag = {"ETag": body["etag"]} if "etag" in body else {}
        return web.Response(body=text.encode(), headers={"Content-Type": JSON_TYPE, **etag})
