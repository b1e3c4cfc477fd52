"""Google's side of a grant: codes, refresh tokens, access tokens, and how they die."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from .mode import Mode
from .settings import Client
from .tokens import AccessTokens, digest_of, random_text

#: Grants that have ended are kept for the reports of the control API, but not more than this.
ENDED_KEPT = 5000


@dataclass
class Code:
    client: Client
    redirect_uri: str
    challenge: str
    nonce: str
    email: str
    scopes: list[str]
    offline: bool
    #: The user saw the consent screen, so a refresh token is due even on a repeated grant.
    consented: bool
    expires_at: float = 0.0


@dataclass
class Grant:
    number: int
    client: Client
    email: str
    scopes: list[str]
    #: Digest of the live refresh token; None without offline access, or once it has died.
    refresh: str | None = None
    refresh_expires_at: float | None = None
    #: revoked, evicted, expired, reused, or None while the grant lives.
    ended_by: str | None = None
    refreshes: int = 0
    created_at: float = field(default_factory=time.time)
    digests: list[str] = field(default_factory=list)

    def as_dict(self) -> dict:
        return {"provider": "google", "id": self.number, "account": self.email,
                "client_id": self.client.client_id, "project": self.client.project,
                "scopes": self.scopes, "alive": self.ended_by is None,
                "ended_by": self.ended_by, "offline": bool(self.digests),
                "refreshes": self.refreshes, "created_at": self.created_at,
                "refresh_token_sha256": self.refresh, "all_refresh_tokens_sha256": self.digests}


@dataclass
class Ties:
    """What one account has with one project."""

    live: OrderedDict[int, Grant] = field(default_factory=OrderedDict)
    #: Client id -> the scopes consented to.
    consents: dict[str, set[str]] = field(default_factory=dict)
    #: Every grant up to this number was revoked, ended or not.
    revoked_up_to: int = 0


class Grants:
    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self.reset()

    def reset(self) -> None:
        self._last_number = 0
        self._grants: dict[int, Grant] = {}
        self._ended: OrderedDict[int, Grant] = OrderedDict()
        self._codes: OrderedDict[str, Code] = OrderedDict()
        self._access = AccessTokens()
        self._refresh: dict[str, Grant] = {}
        self._rotated: dict[str, Grant] = {}
        self._ties: dict[tuple[str, str], Ties] = {}

    def all(self) -> list[Grant]:
        return [*self._ended.values(), *self._grants.values()]

    # Codes

    def issue_code(self, code: Code) -> str:
        now = time.time()
        while self._codes and next(iter(self._codes.values())).expires_at < now:
            self._codes.popitem(last=False)
        code.expires_at = now + self._mode.code_lifetime
        text = f"4/{random_text(self._mode, 73)}"
        self._codes[digest_of(text)] = code
        return text

    def find_code(self, text: str) -> Code | None:
        """The code behind this text while it is unused and fresh."""
        code = self._codes.get(digest_of(text))
        return code if code and code.expires_at > time.time() else None

    def use_code(self, text: str) -> None:
        self._codes.pop(digest_of(text), None)

    # Grants

    def has_consented(self, client: Client, email: str, scopes: list[str]) -> bool:
        ties = self._ties_of(client.project, email)
        return set(scopes) <= ties.consents.get(client.client_id, set())

    def begin(self, code: Code, scopes: list[str],
              refresh_wanted: bool = True) -> tuple[Grant, str | None]:
        """A grant from a code, and its refresh token where one is due: with offline access,
        after a consent screen or at the first grant of this account to this client."""
        client_id = code.client.client_id
        ties = self._ties_of(code.client.project, code.email)
        first = client_id not in ties.consents
        ties.consents.setdefault(client_id, set()).update(scopes)
        self._last_number += 1
        grant = Grant(self._last_number, code.client, code.email, scopes)
        self._grants[grant.number] = ties.live[grant.number] = grant
        if not (refresh_wanted and code.offline and (code.consented or first)):
            return grant, None
        if self._mode.refresh_expires_in is not None:
            grant.refresh_expires_at = time.time() + self._mode.refresh_expires_in
        token = self._new_refresh_token(grant)
        offline = [one for one in ties.live.values()
                   if one.refresh and one.client.client_id == client_id]
        for oldest in offline[: max(0, len(offline) - self._mode.live_limit)]:
            self._end(oldest, "evicted")
        return grant, token

    def find_refresh(self, text: str) -> Grant | None:
        """The live grant of this refresh token."""
        digest = digest_of(text)
        grant = self._refresh.get(digest)
        if grant is None:
            if self._mode.reuse_kills_grant and digest in self._rotated:
                self._end(self._rotated[digest], "reused")
            return None
        if grant.refresh_expires_at is not None and grant.refresh_expires_at <= time.time():
            self._end(grant, "expired")
            return None
        return grant

    def refresh(self, grant: Grant) -> str | None:
        """Counts a refresh, and returns the new refresh token where tokens rotate."""
        grant.refreshes += 1
        if not self._mode.rotate:
            return None
        self._rotated[grant.refresh] = grant
        del self._refresh[grant.refresh]
        return self._new_refresh_token(grant)

    def revoke(self, text: str) -> bool:
        """By a refresh or access token. Ends every grant of that account for the project, of
        all its clients. False for a token that is unknown or dead."""
        grant = self._refresh.get(digest_of(text)) or self.access(text)
        if not grant:
            return False
        self.withdraw(grant.email, grant.client.project)
        return True

    def withdraw(self, email: str, project: str | None = None) -> int:
        """Ends the account's grants (for one project) and forgets its consents."""
        ended = 0
        keys = [(project, email)] if project else [key for key in self._ties if key[1] == email]
        for key in keys:
            ties = self._ties_of(*key)
            for grant in list(ties.live.values()):
                self._end(grant, "revoked")
                ended += 1
            ties.consents.clear()
            ties.revoked_up_to = self._last_number
        return ended

    # Access tokens

    def new_access_token(self, grant: Grant) -> str:
        self._access.forget_oldest(self._is_cut)
        text = "ya29." + random_text(self._mode, max(20, self._mode.access_token_length - 5))
        return self._access.add(text, grant, self._mode.expires_in)

    def access(self, text: str) -> Grant | None:
        """The grant of a good access token. The token outlives the refresh token's eviction,
        but not a revocation."""
        grant = self._access.find(text)
        return None if grant is None or self._is_cut(grant) else grant

    def expire_access_tokens(self, email: str | None) -> int:
        return self._access.expire(email)

    # Inside

    def _ties_of(self, project: str, email: str) -> Ties:
        return self._ties.setdefault((project, email), Ties())

    def _is_cut(self, grant: Grant) -> bool:
        return (grant.ended_by == "reused"
                or grant.number <= self._ties_of(grant.client.project, grant.email).revoked_up_to)

    def _new_refresh_token(self, grant: Grant) -> str:
        text = "1//" + random_text(self._mode, max(20, self._mode.refresh_token_length - 3))
        grant.refresh = digest_of(text)
        grant.digests = [*grant.digests[-9:], grant.refresh]
        self._refresh[grant.refresh] = grant
        return text

    def _end(self, grant: Grant, why: str) -> None:
        if grant.ended_by:
            return
        grant.ended_by = why
        self._refresh.pop(grant.refresh, None)
        grant.refresh = None
        self._ties_of(grant.client.project, grant.email).live.pop(grant.number, None)
        self._grants.pop(grant.number, None)
        self._ended[grant.number] = grant
        while len(self._ended) > ENDED_KEPT:
            self._ended.popitem(last=False)
