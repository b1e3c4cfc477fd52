"""Subscriptions: the handshake, what they are told, and what is told of themselves."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import unquote, urlencode, urlsplit

from aiohttp import web

from .accounts import Account, Calendar
from .clock import parse_instant
from .outlook_api import BASE, Api, Call
from .outlook_calendars import calendar_id
from .outlook_errors import GraphRefusal
from .outlook_identity import guid_of, object_of, tenant_of
from .outlook_prefer import Prefer
from .outlook_show import Reader, etag, name_of
from .outlook_store import Mailbox
from .push import Push
from .shelf import Item

LONGEST, SHORTEST = timedelta(minutes=10_080), timedelta(minutes=45)
LONGEST_STATE = 128
HANDSHAKE = 10.0
RESOURCE = re.compile(r"/?(?:me|users/[^/]+)/(?:calendars/([^/]+)/|calendar/)?events/?", re.IGNORECASE)
CHANGES = {"created", "updated", "deleted"}
LIFECYCLE = ("reauthorizationRequired", "subscriptionRemoved", "missed")


@dataclass(frozen=True)
class Subscription:
    id: str
    account: Account
    client_id: str
    resource: str
    #: Graph's id of the calendar; "" for all of the mailbox.
    calendar: str
    changes: frozenset[str]
    change_type: str
    url: str
    lifecycle_url: str | None
    state: str | None
    expires: datetime
    immutable: bool

    def shown(self) -> dict:
        return {"id": self.id, "resource": self.resource, "applicationId": self.client_id,
                "changeType": self.change_type, "clientState": None, "notificationUrl": self.url,
                "notificationQueryOptions": None, "lifecycleNotificationUrl": self.lifecycle_url,
                "expirationDateTime": f"{self.expires:%Y-%m-%dT%H:%M:%SZ}", "creatorId": object_of(self.account),
                "includeResourceData": None, "latestSupportedTlsVersion": "v1_2", "encryptionCertificate": None,
                "encryptionCertificateId": None, "notificationUrlAppId": None}

    @property
    def sameness(self) -> tuple:
        return self.account.sub, self.client_id, self.resource, self.changes, self.url

    def head(self) -> dict:
        """What each of its messages begins with."""
        state = {"clientState": self.state} if self.state is not None else {}
        return {"subscriptionId": self.id, "tenantId": tenant_of(self.account), **state,
                "subscriptionExpirationDateTime": f"{self.expires:%Y-%m-%dT%H:%M:%S+00:00}"}


class OutlookPush:
    def __init__(self, api: Api, push: Push) -> None:
        self._api, self._push, self._mode = api, push, api.mode
        self._clock = api.store.clock
        api.store.told = self.changed
        self.reset()

    def reset(self) -> None:
        self._all: dict[str, Subscription] = {}
        self._made = 0

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for name, handler in (("outlook.subscribe", self.subscribe), ("outlook.subscriptions", self.list),
                              ("outlook.subscription", self.get), ("outlook.renew", self.renew),
                              ("outlook.unsubscribe", self.remove), ("outlook.reauthorize", self.reauthorize)):
            self._api.add(router, name, handler)

    def alive(self) -> list[Subscription]:
        now = self._clock.now()
        self._all = {name: one for name, one in self._all.items() if one.expires > now}
        return list(self._all.values())

    def _own(self, call: Call) -> Subscription:
        one = next((one for one in self.alive() if one.id == call.http.match_info["subscription"]), None)
        if one is None or one.account is not call.account:
            raise GraphRefusal("ResourceNotFound")
        return one

    # Calls

    async def subscribe(self, call: Call) -> dict:
        made = self._wanted(call)
        if any(one.sameness == made.sameness for one in self.alive()):
            raise GraphRefusal("Conflict")
        for url in filter(None, (made.url, made.lifecycle_url)):
            await self._shake_hands(url)
        self._all[made.id] = made
        call.http["status"] = 201
        return {"@odata.context": f"{call.origin}{BASE}/$metadata#subscriptions/$entity", **made.shown()}

    def _wanted(self, call: Call) -> Subscription:
        body, account = call.body, call.account
        for name in ("changeType", "notificationUrl", "resource", "expirationDateTime"):
            if not body.get(name):
                raise GraphRefusal("ValidationError", f"{name} is missing.")
        changes = frozenset(part.strip() for part in body["changeType"].split(","))
        found = RESOURCE.fullmatch(body["resource"])
        if not changes <= CHANGES or not found:
            raise GraphRefusal("ValidationError", "changeType or resource isn't served.")
        calendar = unquote(found.group(1) or "")
        if calendar and self._api.store.calendar(account, calendar) is None:
            raise GraphRefusal("ErrorFolderNotFound")
        if "/calendar/" in body["resource"].casefold():
            calendar = calendar_id(account, self._api.store.calendar(account, None))
        if len(body.get("clientState") or "") > LONGEST_STATE:
            raise GraphRefusal("ValidationError", "clientState is longer than 128 characters.")
        for url in filter(None, (body["notificationUrl"], body.get("lifecycleNotificationUrl"))):
            scheme = urlsplit(url).scheme
            if scheme != "https" and (self._mode.push_needs_https or scheme != "http"):
                raise GraphRefusal("ValidationError", "A notification URL must be https.")
        self._made += 1
        return Subscription(
            str(uuid.UUID(bytes=hashlib.sha256(f"subscription {self._made}".encode()).digest()[:16])), account,
            guid_of(call.grant.client.client_id), body["resource"], calendar, changes, body["changeType"],
            body["notificationUrl"], body.get("lifecycleNotificationUrl"), body.get("clientState"),
            self._expiry(body["expirationDateTime"]), call.prefer.immutable)

    def _expiry(self, text: str) -> datetime:
        """What is too soon is put off."""
        now = self._clock.now()
        try:
            expires = parse_instant(re.sub(r"(\.\d{6})\d+", r"\1", text))
        except ValueError as problem:
            raise GraphRefusal("ValidationError", "expirationDateTime is no time.") from problem
        if expires > now + LONGEST:
            raise GraphRefusal("ValidationError", "Subscription expiration can only be 10080 minutes in the future.")
        return max(expires, now + SHORTEST)

    async def _shake_hands(self, url: str) -> None:
        token = f"Validation: Testing client application reachability for subscription Request-Id: {uuid.uuid4()}"
        mark = "&" if "?" in url else "?"
        status, kind, text = await self._push.send(
            "outlook", "validation", f"{url}{mark}{urlencode({'validationToken': token})}",
            {"Content-Type": "text/plain; charset=utf-8"}, seconds=HANDSHAKE)
        if status != 200 or not kind.casefold().startswith("text/plain") or text.decode("utf-8", "replace") != token:
            raise GraphRefusal("ValidationError")

    async def list(self, call: Call) -> dict:
        return {"@odata.context": f"{call.origin}{BASE}/$metadata#subscriptions",
                "value": [one.shown() for one in self.alive() if one.account is call.account]}

    async def get(self, call: Call) -> dict:
        return {"@odata.context": f"{call.origin}{BASE}/$metadata#subscriptions/$entity", **self._own(call).shown()}

    async def renew(self, call: Call) -> dict:
        """Only its end can be changed here; the address of lifecycle messages can't be added later."""
        known = self._own(call)
        if call.body.keys() != {"expirationDateTime"}:
            raise GraphRefusal("ValidationError", "Only expirationDateTime can be changed.")
        self._all[known.id] = replace(known, expires=self._expiry(call.body["expirationDateTime"]))
        return {"@odata.context": f"{call.origin}{BASE}/$metadata#subscriptions/$entity", **self._all[known.id].shown()}

    async def remove(self, call: Call) -> web.Response:
        one = self._own(call)
        del self._all[one.id]
        return web.Response(status=204)

    async def reauthorize(self, call: Call) -> web.Response:
        self._own(call)
        return web.Response(status=200)

    # Messages

    def changed(self, mailbox: Mailbox, calendar: Calendar, item: Item, change: str) -> None:
        """One message to each address, of all its subscriptions that are concerned."""
        told, account, own = defaultdict(list), mailbox.account, calendar_id(mailbox.account, calendar)
        for one in self.alive() if self._all else ():
            if one.account is account and one.calendar in ("", own) and change in one.changes:
                told[one.url].append(self._notification(one, calendar, item, change))
        for _ in range({"on": 1, "twice": 2, "lost": 0}[self._mode.push]):
            for url, value in told.items():
                self._send(url, value)

    def _notification(self, one: Subscription, calendar: Calendar, item: Item, change: str) -> dict:
        name = name_of(item, Reader(one.account, calendar, Prefer(immutable=one.immutable)))
        resource = f"Users/{object_of(one.account)}/Events/{name}"
        return {**one.head(), "changeType": change, "resource": resource, "resourceData": {
            "@odata.type": "#Microsoft.Graph.Event", "@odata.id": resource, "@odata.etag": etag(item), "id": name}}

    def _send(self, url: str, value: list[dict]) -> None:
        body = {"value": value}
        assert not (wrong := self._api.published.complaints(body, "changeNotificationCollection", null=False)), wrong
        self._push.tell("outlook", url, {"Content-Type": "application/json"}, json.dumps(body).encode())

    def tell_lifecycle(self, wishes: dict) -> dict:
        """`event` to the subscriptions of `account` that have an address for it; removed ones are gone then."""
        event, account = wishes.get("event"), wishes.get("account")
        if event not in LIFECYCLE:
            raise ValueError(f"event is one of {LIFECYCLE}")
        concerned = [one for one in self.alive() if one.lifecycle_url and account in (None, one.account.email)]
        for one in concerned:
            self._send(one.lifecycle_url, [{**one.head(), "lifecycleEvent": event}])
            if event == "subscriptionRemoved":
                del self._all[one.id]
        return {"told": len(concerned)}
