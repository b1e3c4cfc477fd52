"""What came to iCloud's hosts, and with whose credentials: for tests that count calls and look where passwords went."""

from __future__ import annotations

import base64
import binascii
from collections import deque
from dataclasses import asdict, dataclass

from aiohttp import web

from .icloud_accounts import IcloudAccount, IcloudAccounts

KEPT = 10_000
LONGEST = 500


@dataclass(frozen=True)
class Credentials:
    #: none, basic, malformed or other.
    kind: str
    #: Whose they claim to be; None where no account has that Apple ID.
    account: IcloudAccount | None = None
    right: bool = False


@dataclass
class Record:
    host: str
    scheme: str
    method: str
    path: str
    depth: str | None
    #: none, basic, malformed or other; a name that is no Apple ID, and a password, are never kept.
    authorization: str
    apple_id: str | None
    authorised: bool
    #: None while the answer is under way, and where the client left before it.
    status: int | None = None


def credentials_of(http: web.Request, accounts: IcloudAccounts) -> Credentials:
    """Reads Basic (RFC 7617, UTF-8). The Apple ID's case doesn't matter; the password's does."""
    lines = http.headers.getall("Authorization", [])
    if not lines:
        return Credentials("none")
    scheme, _, text = lines[0].partition(" ")
    if scheme.lower() != "basic":
        return Credentials("other")
    try:
        name, colon, password = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return Credentials("malformed")
    if not colon or len(lines) > 1:
        return Credentials("malformed")
    account = accounts.find(name)
    return Credentials("basic", account, account is not None and account.opened_by(password))


class Records:
    def __init__(self, accounts: IcloudAccounts) -> None:
        self._accounts = accounts
        self._kept: deque[Record] = deque(maxlen=KEPT)

    def reset(self) -> None:
        self._kept.clear()

    def as_list(self, host: str | None = None) -> list[dict]:
        """The oldest first."""
        return [asdict(one) for one in self._kept if host in (None, one.host)]

    def middleware(self, host: str):
        """Stands before everything else on a host: faults hide no request."""
        @web.middleware
        async def serve(http: web.Request, handler):
            who = http["credentials"] = credentials_of(http, self._accounts)
            record = Record(host, http.scheme, http.method, http.rel_url.raw_path[:LONGEST],
                            http.headers.get("Depth", "")[:LONGEST] or None, who.kind,
                            who.account.apple_id if who.account else None, who.right)
            self._kept.append(record)
            try:
                answer = await handler(http)
            except web.HTTPException as refusal:
                record.status = refusal.status
                raise
            record.status = answer.status
            return answer
        return serve
