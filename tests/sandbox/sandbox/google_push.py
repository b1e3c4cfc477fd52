"""Push channels: events.watch, calendarList.watch and channels.stop, and what a channel is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from aiohttp import web

from .google_api import BASE, Api, Call
from .google_errors import Refusal
from .google_events import EVENTS
from .mode import Mode
from .push import Push
from .shelf import Item

USUAL_LIFE = timedelta(days=7)
LONGEST_ID, LONGEST_TOKEN = 64, 256


@dataclass
class Channel:
    id: str
    address: str
    token: str
    resource_id: str
    resource_uri: str
    expires: datetime
    account: str
    client_id: str
    #: None for the list of calendars.
    calendar: str | None
    number: int = 0

    def as_dict(self) -> dict:
        return {"id": self.id, "address": self.address, "resource_id": self.resource_id, "account": self.account,
                "calendar": self.calendar, "expires": self.expires.isoformat(), "told": self.number}


class GooglePush:
    def __init__(self, api: Api, push: Push, mode: Mode) -> None:
        self._api, self._push, self._mode = api, push, mode
        self._clock = api.shelves.clock
        api.shelves.told = self.changed
        api.accounts.told = lambda account: self.changed(None, account=account.email)
        self.reset()

    def reset(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._used: set[str] = set()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        for path, method, handler in ((f"{EVENTS}/watch", "events.watch", self.watch),
                                      (f"{BASE}/users/me/calendarList/watch", "calendarList.watch", self.watch),
                                      (f"{BASE}/channels/stop", "channels.stop", self.stop)):
            router.add_post(path, self._serve(method, handler), name=method)

    def _serve(self, method: str, handler):
        async def serve(http: web.Request) -> web.Response:
            return await self._api.serve(http, method, handler)
        return serve

    def alive(self) -> list[Channel]:
        now = self._clock.now()
        self._channels = {name: one for name, one in self._channels.items() if one.expires > now}
        return list(self._channels.values())

    async def watch(self, call: Call) -> dict:
        body, now = call.body, self._clock.now()
        channel_id, address, token = body.get("id") or "", body.get("address") or "", body.get("token") or ""
        if not 0 < len(channel_id) <= LONGEST_ID or body.get("type") not in ("web_hook", "webhook"):
            raise Refusal("invalid", message="A channel needs an id of up to 64 characters and the type web_hook.")
        if len(token) > LONGEST_TOKEN:
            raise Refusal("invalid", message="The token is longer than 256 characters.")
        if channel_id in self._used:
            raise Refusal("channelIdNotUnique", message=f"Channel id {channel_id} not unique")
        scheme = urlsplit(address).scheme
        if scheme != "https" and (self._mode.push_needs_https or scheme != "http"):
            raise Refusal("push.webhookUrlNotHttps", message=f"WebHook callback must be HTTPS: {address}")
        path = f"calendars/{quote(call.calendar.id, safe='')}/events" if call.calendar else "users/me/calendarList"
        grant = self._api.grant_of(call.http)
        channel = Channel(channel_id, address, token, hashlib.sha256(path.encode()).hexdigest()[:27],
                          f"{call.http.scheme}://{call.http.host}{BASE}/{path}?alt=json", expiry(body, now),
                          call.account.email, grant.client.client_id, call.calendar.id if call.calendar else None)
        self._used.add(channel_id)
        self._channels[channel_id] = channel
        # Google's first message may come before the answer; here it always does.
        await self._push.send("google", "sync", address, self._headers(channel, "sync"))
        return {"kind": "api#channel", "id": channel.id, "resourceId": channel.resource_id,
                "resourceUri": channel.resource_uri, **({"token": token} if token else {}),
                "expiration": str(int(channel.expires.timestamp() * 1000))}

    async def stop(self, call: Call) -> None:
        channel = next((one for one in self.alive() if one.id == call.body.get("id")), None)
        client = self._api.grant_of(call.http).client.client_id
        if (channel is None or channel.resource_id != call.body.get("resourceId")
                or (channel.account, channel.client_id) != (call.account.email, client)):
            raise Refusal("notFound", message=f"Channel '{call.body.get('id')}' not found for project")
        del self._channels[channel.id]

    def changed(self, calendar_id: str | None, _item: Item | None = None, account: str | None = None) -> None:
        """Tells the channels of a calendar, or of an account's list of calendars."""
        times = {"on": 1, "twice": 2, "lost": 0}[self._mode.push]
        for channel in self.alive():
            if channel.calendar != calendar_id or account not in (None, channel.account):
                continue
            for _ in range(times):
                self._push.tell("google", channel.address, self._headers(channel, "exists"))

    def _headers(self, channel: Channel, state: str) -> dict[str, str]:
        """Numbers grow, with gaps."""
        channel.number += 1 if state == "sync" else 7
        token = {"X-Goog-Channel-Token": channel.token} if channel.token else {}
        return {"Content-Type": "application/json; charset=utf-8", "X-Goog-Channel-ID": channel.id, **token,
                "X-Goog-Channel-Expiration": format_datetime(channel.expires, usegmt=True),
                "X-Goog-Resource-ID": channel.resource_id, "X-Goog-Resource-URI": channel.resource_uri,
                "X-Goog-Resource-State": state, "X-Goog-Message-Number": str(channel.number)}


def expiry(body: dict, now: datetime) -> datetime:
    """`params.ttl` is in seconds, `expiration` in milliseconds since the epoch; both come as texts."""
    try:
        if body.get("expiration"):
            return datetime.fromtimestamp(int(body["expiration"]) / 1000, timezone.utc)
        ttl = (body.get("params") or {}).get("ttl")
        return now + (timedelta(seconds=int(ttl)) if ttl else USUAL_LIFE)
    except (ValueError, OverflowError) as problem:
        raise Refusal("invalid", message="Invalid expiration.") from problem
