"""iCloud's dialect: CalDAV (RFC 4791) on an entry host and on partitions, as one part of the sandbox."""

from __future__ import annotations

from dataclasses import asdict

from aiohttp import web

from . import icloud_faults as faults
from . import icloud_resources as resources
from .desk import Desk
from .icloud_accounts import IcloudAccount, IcloudAccounts
from .icloud_dav import Dav, Target, target_of
from .icloud_guests import Guests
from .icloud_hand import IcloudHand
from .icloud_hosts import ENTRY, FOREIGN, NAMES, Hosts
from .icloud_record import Records
from .icloud_reports import WALK, parse
from .icloud_store import IcloudStore
from .icloud_xml import DAV, ENVELOPE, Name, asked_for, failed, multistatus, plain, precondition
from .shared import Shared

#: Order matters: each path is the first of these that fits.
PATHS = {
    "icloud.entry": "/",
    "icloud.well_known": "/.well-known/caldav",
    "icloud.principal": r"/{dsid:\d+}/principal{slash:/?}",
    "icloud.home": r"/{dsid:\d+}/calendars{rest:(/.*)?}",
}
ANYTHING = "/{path:.*}"
METHODS = ("OPTIONS", "PROPFIND", "REPORT", "GET", "HEAD", "PUT", "DELETE")
#: Below a home: the endpoints of a calendar's own methods, and of an object's.
CALENDAR, REPORTS = "icloud.calendar", ("icloud.sync", "icloud.multiget", "icloud.query", "icloud.report")
OBJECT = {"PROPFIND": "icloud.object", "GET": "icloud.get", "HEAD": "icloud.get", "PUT": "icloud.put",
          "DELETE": "icloud.delete"}
#: Both schemes that Apple announces.
CHALLENGES = ('X-MobileMe-AuthToken realm="MMCalDav"', 'Basic realm="MMCalDav"')


class Icloud:
    name = "icloud"
    endpoints = (*PATHS, CALENDAR, *REPORTS, *dict.fromkeys(OBJECT.values()))
    envelope = ENVELOPE

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.hosts = Hosts()
        self._accounts = IcloudAccounts()
        self._records = Records(self._accounts)
        self._store = IcloudStore(shared.clock)
        guests = Guests(self._accounts, self._store)
        self._dav = Dav(self._store, guests, shared, self.hosts)
        self._desk = Desk(IcloudHand(self._accounts, self._store, guests))
        self._mallory = IcloudAccount("mallory@foreign.example", "Mallory", "666", "", {},
                                      [resources.IcloudCalendar("stolen", "Stolen")])

    def applications(self, middleware) -> dict[str, web.Application]:
        """One for each host; `middleware` is what every request to the sandbox meets."""
        made = {}
        for host in NAMES:
            made[host] = web.Application(middlewares=[self._records.middleware(host), middleware])
            made[host]["host"] = host
            for endpoint, path in PATHS.items():
                made[host].router.add_route("*", path, self._serve, name=endpoint)
            made[host].router.add_route("*", ANYTHING, self._nowhere)
        return made

    # The sandbox's other parts

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """None beside Google's and Microsoft's: its hosts are its own."""

    def addresses(self, base: str) -> dict[str, str]:
        """`api_url` is the entry; `api_hosts` names the partitions' host."""
        scheme = base.partition(":")[0]
        known = {host: self.hosts.base(scheme, host) for host in NAMES}
        return {"api_url": known[ENTRY], **known, "api_hosts": NAMES["p42"]}

    async def endpoint_of(self, http: web.Request, route: str) -> str:
        """Below a home it is the method's, and of a REPORT its kind's."""
        http["endpoint"] = await self._method_of(http) if route == "icloud.home" else route
        return http["endpoint"]

    async def _method_of(self, http: web.Request) -> str:
        parts = http.match_info["rest"].strip("/").split("/")
        if parts == [""]:
            return "icloud.home"
        if http.method != "REPORT":
            return CALENDAR if len(parts) == 1 else OBJECT.get(http.method, "icloud.object")
        try:
            report = http["report"] = parse(await http.read())
        except ValueError:
            return "icloud.report"
        return f"icloud.{report.kind}" if f"icloud.{report.kind}" in REPORTS else "icloud.report"

    def features(self, http: web.Request, endpoint: str) -> dict[str, str]:
        who = http["credentials"]
        if not who.right:
            return {}
        found, target = {"account": who.account.apple_id}, target_of(who.account, http.rel_url.raw_path)
        if target is not None:
            found |= {"calendar": target.calendar.id, "id": target.name}
        return {**found, **self._features_of_sync(http, target)} if endpoint == "icloud.sync" and target else found

    def _features_of_sync(self, http: web.Request, target: Target) -> dict[str, str]:
        report = http["report"]
        state = self._store.of(target.account, target.calendar).read(report.token) if report.token else None
        later = state is not None and state[0] == WALK
        return {"page": "later" if later else "first", "cursor": "with" if report.token else "without",
                "limit": "with" if report.limit is not None else "without"}

    def enter(self, _http: web.Request, _endpoint: str, _account: str) -> web.Response | None:
        """Apple's limits are not known."""
        return None

    def leave(self, account: str) -> None:
        """Nothing was counted."""

    def fault_answer(self, http: web.Request, endpoint: str, kind: str, params: dict) -> web.Response:
        """The fault `error` is a status, or the name of a precondition of WebDAV's."""
        headers = {"Retry-After": params["retry_after"]} if params.get("retry_after") else {}
        if kind == "rate_limit":
            return plain(503, headers or {"Retry-After": "120"})
        name = params.get("error") or "401"
        if kind == "error" and not name.isdigit():
            return precondition(Name(DAV, name))
        status = params["status"] if kind == "status" else int(name)
        return self._challenge(http) if status == 401 else plain(status, headers)

    def controls(self) -> dict:
        return {
            **self._desk.controls(),
            "accounts": lambda wishes: self._accounts.put(wishes).as_dict(),
            "calendars": lambda wishes: self._accounts.put_calendar(wishes).as_dict(),
            "account": lambda wishes: {**self._accounts.named(wishes).as_dict(), "calendars": [
                asdict(one) for one in self._accounts.named(wishes).calendars]},
            "passwords": lambda wishes: {"password": self._accounts.make_password(wishes)},
            "revoke-passwords": lambda wishes: {"revoked": self._accounts.revoke(
                self._accounts.named(wishes).apple_id, wishes.get("label"))},
            "requests": lambda wishes: {"requests": self._records.as_list(wishes.get("host"))},
        }

    def grants(self) -> list[dict]:
        """None: an app-specific password is made by the user, and for no client."""
        return []

    def expire_access_tokens(self, email: str | None) -> int:
        return 0

    def revoke_account(self, email: str) -> int:
        return self._accounts.revoke(email)

    def auto_approve(self, approval: dict | None) -> None:
        """There is no authorization endpoint."""

    def reset(self) -> None:
        self._accounts.reset()
        self._store.reset()
        self._records.reset()

    # A request

    async def _serve(self, http: web.Request) -> web.Response:
        host, endpoint = http.app["host"], http.match_info.route.name
        if http.query_string or "@" in http.host:
            return plain(400)
        if fault := http["faults"].behaviour("redirect"):
            return faults.redirect(http, self.hosts, fault)
        if endpoint == "icloud.well_known":
            return plain(301, {"Location": "/"})
        account = self._account_of(http, host)
        if account is None:
            return self._challenge(http)
        target = target_of(account, http.rel_url.raw_path) if endpoint == "icloud.home" else None
        allowed = METHODS if target else METHODS[:2]
        if http.method == "OPTIONS":
            return plain(200, {"Allow": ", ".join(allowed), "DAV": "1, access-control, calendar-access, "
                               "calendar-auto-schedule"})
        if endpoint != "icloud.entry" and http.match_info["dsid"] != account.dsid:
            return plain(403)
        if endpoint == "icloud.home" and host not in (f"p{account.partition}", FOREIGN):
            return self._elsewhere(http, account)
        if http.method == "PROPFIND":
            return await self._propfind(http, host, endpoint, account)
        if target is None and endpoint == "icloud.home" and http.match_info["rest"] not in ("", "/"):
            return plain(404)
        if http.method not in allowed:
            return plain(405, {"Allow": ", ".join(allowed)})
        return await self._dav.serve(http, target)

    async def _nowhere(self, http: web.Request) -> web.Response:
        return plain(404 if http["credentials"].right or http.app["host"] == FOREIGN else 401)

    def _account_of(self, http: web.Request, host: str) -> IcloudAccount | None:
        """The foreign host takes whatever it gets, and shows calendars."""
        who = http["credentials"]
        return self._mallory if host == FOREIGN else who.account if who.right else None

    def _challenge(self, http: web.Request) -> web.Response:
        answer, account = plain(401), http["credentials"].account
        form = http["faults"].behaviour("challenge")
        lines = CHALLENGES if form is None else [form["value"] or ", ".join(CHALLENGES)]
        for line in lines:
            answer.headers.add("WWW-Authenticate", line)
        if account:
            answer.headers["x-apple-user-partition"] = str(account.partition)
        return answer

    def _elsewhere(self, http: web.Request, account: IcloudAccount) -> web.Response:
        moved = account.elsewhere == 301
        return plain(account.elsewhere, {"Location": self._base(http, account) + http.path} if moved else None)

    def _base(self, http: web.Request, account: IcloudAccount) -> str:
        place = FOREIGN if account is self._mallory else f"p{account.partition}"
        return self.hosts.base(http.scheme, place)

    async def _propfind(self, http: web.Request, host: str, endpoint: str, account: IcloudAccount) -> web.Response:
        try:
            names, missing = faults.names_to_tell(http, asked_for(await http.read()))
        except ValueError:
            return plain(400)
        depth = http.headers.get("Depth", "infinity").lower()
        if depth == "infinity":
            return precondition(Name(DAV, "propfind-finite-depth"))
        if depth not in ("0", "1"):
            return plain(400)
        found = self._resources(http, endpoint, account, with_members=depth == "1")
        if not found:
            return plain(404)
        inside = http["faults"].behaviour("inside")
        parts = [failed(one.path, inside["status"]) if inside and self._is_meant(inside, number, one)
                 else one.described(names, missing) for number, one in enumerate(found)]
        return faults.answer(http, self.hosts, multistatus(parts))

    @staticmethod
    def _is_meant(inside: dict, number: int, one: resources.Resource) -> bool:
        return {"all": True, "home": number == 0, "first": number == 1, "calendars": one.is_calendar,
                "objects": one.is_object, "object": one.path.endswith(f"/{inside['name']}")}[inside["of"]]

    def _resources(self, http: web.Request, endpoint: str, account: IcloudAccount,
                   with_members: bool) -> list[resources.Resource]:
        """What a path stands for, the collection itself first; nothing where it isn't there."""
        if endpoint == "icloud.entry":
            return [resources.root(account)]
        if endpoint == "icloud.principal":
            return [resources.principal(account, self._home_set(http, account))]
        syncs = self._shared.mode.icloud_sync
        if http.match_info["rest"] in ("", "/"):
            return [resources.home(account)] + (
                resources.members(account, self._store, syncs) if with_members else [])
        target, lags = target_of(account, http.rel_url.raw_path), http["faults"].behaviour("old_etag") is not None
        if target is None:
            wanted = http.rel_url.raw_path.rstrip("/")
            return [one for one in resources.members(account, self._store, syncs) if one.path.rstrip("/") == wanted]
        if target.name:
            return self._dav.members(target, lags)
        collection = self._store.of(account, target.calendar)
        own = resources.with_reports(resources.calendar(account, target.calendar, collection, syncs), syncs)
        return [own] + (self._dav.members(target, lags) if with_members else [])

    def _home_set(self, http: web.Request, account: IcloudAccount) -> str:
        """An absolute URL on the account's partition, unless the fault `home_set` says otherwise: a host's name,
        "relative", "missing", or any text."""
        path = resources.home_path(account)
        fault = http["faults"].behaviour("home_set")
        if fault is None:
            return self._base(http, account) + path
        base = self.hosts.base(http.scheme, fault["to"])
        return base + path if base else {"relative": path, "missing": ""}.get(fault["to"], fault["to"])
