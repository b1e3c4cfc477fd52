"""What every call of Graph meets: the published names and types, our table of calls, the token, Prefer, the mailbox."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from .accounts import Account, Calendar
from .forms import Parameters, query_of
from .outlook_calls import ANNOTATIONS, CALLS, WITHOUT_MAILBOX, GraphCall
from .outlook_errors import GraphRefusal, graph_answer, unauthenticated
from .outlook_grants import Grant, OutlookGrants
from .outlook_identity import object_of
from .outlook_prefer import Prefer, parse
from .outlook_store import OutlookStore
from .outlook_times import ZoneUnknown
from .published import Published
from .shared import Shared
from .tokens import bearer_of

BASE = "/v1.0"


@dataclass
class Call:
    """A call that is let in."""

    http: web.Request
    name: str
    query: Parameters
    body: dict
    account: Account
    #: The calendar of the path, or the default one.
    calendar: Calendar | None
    prefer: Prefer
    grant: Grant
    #: What the ledger keeps of a write.
    entry: dict = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"{self.http.scheme}://{self.http.host}"

    @property
    def url(self) -> str:
        """The call's own address without its query."""
        return self.origin + self.http.rel_url.raw_path

    @property
    def context(self) -> str:
        return f"{self.origin}{BASE}/$metadata#users('{object_of(self.account)}')"


class Api:
    def __init__(self, shared: Shared, grants: OutlookGrants, store: OutlookStore) -> None:
        self.accounts, self.mode, self.grants, self.store = shared.accounts, shared.mode, grants, store
        self._violations, self._ledger = shared.violations, shared.ledger
        self.published = Published("graph", ANNOTATIONS)

    def add(self, router: web.UrlDispatcher, name: str, handler) -> None:
        """`handler` takes a Call and returns the body of a 200, or a whole answer."""
        call = CALLS[name]

        async def serve(http: web.Request) -> web.Response:
            return await self._serve(http, name, call, handler)
        router.add_route(call.verb, BASE + call.path, serve, name=name)

    def grant_of(self, http: web.Request) -> Grant | None:
        token = bearer_of(http)
        return None if token is None else self.grants.access(token)

    def features(self, http: web.Request) -> dict[str, str]:
        """What faults may be limited by; a calendar by Graph's id."""
        grant, found = self.grant_of(http), {}
        if grant is None:
            return found
        account = self.accounts.ensure(grant.email)
        found = {"account": account.email, "id": http.match_info.get("event", "")}
        if (place := place_of(http)) is not None:
            found["calendar"] = place or next((one.id for one in account.calendars if one.primary), "")
        if http.match_info.route.name in ("outlook.delta", "outlook.view", "outlook.calendars"):
            later = "$skiptoken" in http.query or "$skip" in http.query
            found |= {"page": "later" if later else "first",
                      "cursor": "with" if "$deltatoken" in http.query else "without"}
        return found

    async def _serve(self, http: web.Request, name: str, call: GraphCall, handler) -> web.Response:
        (query, body, complaints), (prefer, passed_over) = await self._read(http, call), parse(http)
        if complaints + passed_over:
            self._violations.record("request", http, name, complaints + passed_over)
        grant = self.grant_of(http)
        if grant is None:
            return unauthenticated(f"{http.scheme}://{http.host}")
        given = Call(http, name, query, body, self.accounts.ensure(grant.email), None, prefer, grant)
        try:
            if not set(call.scopes) & set(grant.scopes):
                raise GraphRefusal("ErrorAccessDenied")
            if prefer.unknown_zone:
                raise zone_refused(prefer.unknown_zone)
            self._find(given, call)
            if complaints:
                raise GraphRefusal(refusal_code(complaints[0]), complaints[0])
            answer = self._checked(given, call, await handler(given))
        except GraphRefusal as refusal:
            answer = refusal.answer()
        if given.entry:
            given.entry["status"] = answer.status
        return answer

    async def _read(self, http: web.Request, call: GraphCall) -> tuple[Parameters, dict, list[str]]:
        query, text = query_of(http), await http.read()
        complaints = self.published.query(call.query, query.pairs)
        complaints += self._wrong_selection(call, query)
        if call.body is None:
            return query, {}, complaints + (["a body where there is none"] if text not in (b"", b"{}") else [])
        try:
            body = json.loads(text)
        except ValueError:
            return query, {}, [*complaints, "the body is not JSON"]
        if http.content_type != "application/json":
            complaints.append(f"the body's type is {http.content_type}")
        if isinstance(call.body, dict):
            complaints += self.published.parameters(body, call.body)
        else:
            complaints += self.published.complaints(body, call.body)
        return query, body if isinstance(body, dict) else {}, complaints

    def _wrong_selection(self, call: GraphCall, query: Parameters) -> list[str]:
        if "$select" not in call.query or not query.get("$select"):
            return []
        known = self.published.members(call.answer.removesuffix("[]"))
        return [f"$select: no such member: {name}" for name in query.get("$select").split(",") if name not in known]

    def _find(self, given: Call, call: GraphCall) -> None:
        """The account and calendar of the path."""
        http, account = given.http, given.account
        who = http.match_info.get("who", "me")
        if who != "me" and unquote(who[6:]).casefold() not in (account.email.casefold(), object_of(account)):
            raise GraphRefusal("ErrorAccessDenied")
        if not account.mailbox and given.name not in WITHOUT_MAILBOX:
            raise GraphRefusal("MailboxNotEnabledForRESTAPI")
        place = place_of(http)
        if place is not None:
            given.calendar = self.store.calendar(account, place or None)
        if call.writes:
            given.entry = self._ledger.write("outlook", http, given.name, account=account.email, body=given.body,
                                             calendar=given.calendar.id if given.calendar else None,
                                             id=http.match_info.get("event"))
        if place is not None and given.calendar is None:
            raise GraphRefusal("ErrorFolderNotFound" if place else "ErrorItemNotFound")

    def _checked(self, given: Call, call: GraphCall, body: Any) -> web.Response:
        """The answer, held to the published types too."""
        if isinstance(body, web.Response):
            return body
        if call.answer is None:
            return web.Response(status=204)
        value = body.get("value") if call.answer.endswith("[]") else body
        complaints = self.published.complaints(value, call.answer, "value" if call.answer.endswith("[]") else "")
        odd = given.http.get("odd") or (given.calendar is not None and given.calendar.id in self.store.odd)
        if complaints and not odd:
            self._violations.record("answer", given.http, given.name, complaints)
        # By the clock of the stamps that are in the answer.
        headers = {"Date": format_datetime(self.store.clock.now(), usegmt=True)}
        if given.prefer.applied:
            headers["Preference-Applied"] = ", ".join(given.prefer.applied)
        return graph_answer(body, given.http.get("status", 200), {**headers, **given.http.get("headers", {})})


def place_of(http: web.Request) -> str | None:
    """The id of the path's calendar, "" for the default one, None for a path without."""
    if "calendar" in http.match_info:
        return unquote(http.match_info["calendar"].partition("/")[2])
    if "place" not in http.match_info:
        return None
    return unquote(http.match_info["place"].removeprefix("calendars/").removeprefix("calendar").strip("/"))


def zone_refused(name: str) -> GraphRefusal:
    return GraphRefusal("TimeZoneNotSupportedException", "A valid TimeZone value must be specified. The following "
                        f"TimeZone value is not supported: '{name}'.")


@contextmanager
def fitting():
    """What doesn't fit inside is refused as Graph does it."""
    try:
        yield
    except ZoneUnknown as problem:
        raise zone_refused(str(problem)) from problem
    except ValueError as problem:
        raise GraphRefusal("ErrorPropertyValidationFailure", str(problem)) from problem


def refusal_code(complaint: str) -> str:
    if "query parameter" in complaint or complaint.startswith("$select"):
        return "ErrorInvalidUrlQuery"
    return "RequestBodyRead" if "JSON" in complaint else "BadRequest"


def selected(body: dict, query: Parameters) -> dict:
    """What $select leaves; id and annotations always stay."""
    names = query.get("$select")
    if not names:
        return body
    wanted = {"id", *names.split(",")}
    return {name: value for name, value in body.items() if name in wanted or name.startswith("@")}


def paging(call: Call, usual: int) -> tuple[int, int]:
    """$top and $skip, with Prefer's page size."""
    top = int(call.query.get("$top") or call.prefer.page or usual)
    skip = int(call.query.get("$skip") or 0)
    if not 1 <= top <= 1000 or skip < 0:
        raise GraphRefusal("ErrorInvalidUrlQuery")
    return top, skip


def lead_on(call: Call, body: dict, link: str, more: bool, endless: str | None = None) -> None:
    """The link to the next page, where there is more or the fault next_link wants it: to itself (loop), on and on
    (`endless`, by default along `link`), or to any other URL."""
    fault = call.http["faults"].behaviour("next_link")
    if fault is None and not more:
        return
    other = {"loop": f"{call.origin}{call.http.path_qs}", "endless": endless or link}
    body["@odata.nextLink"] = link if fault is None else other.get(fault["link"], fault["link"])
