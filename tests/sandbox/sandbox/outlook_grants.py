"""Microsoft's side of a grant. Each refresh gives a new refresh token, and the old ones stay good; there is no
revocation, only what the user withdraws."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from .mode import Mode
from .settings import Client
from .tokens import AccessTokens, digest_of, random_text


@dataclass
class Code:
    client: Client
    tenant: str
    redirect_uri: str
    challenge: str
    nonce: str
    email: str
    scopes: list[str]
    expires_at: float = 0.0
    used: bool = False


@dataclass
class Grant:
    number: int
    client: Client
    email: str
    scopes: list[str]
    #: withdrawn, or None while the grant lives.
    ended_by: str | None = None
    refreshes: int = 0
    created_at: float = field(default_factory=time.time)
    #: Of every refresh token, the newest last.
    digests: list[str] = field(default_factory=list)

    def as_dict(self) -> dict:
        return {"provider": "outlook", "id": self.number, "account": self.email,
                "client_id": self.client.client_id, "scopes": self.scopes,
                "alive": self.ended_by is None, "ended_by": self.ended_by,
                "offline": bool(self.digests), "refreshes": self.refreshes,
                "created_at": self.created_at,
                "refresh_token_sha256": self.digests[-1] if self.digests else None,
                "all_refresh_tokens_sha256": self.digests}


class OutlookGrants:
    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self.reset()

    def reset(self) -> None:
        self._grants: list[Grant] = []
        self._codes: dict[str, Code] = {}
        self._access = AccessTokens()
        self._refresh: dict[str, Grant] = {}

    def all(self) -> list[Grant]:
        return list(self._grants)

    def issue_code(self, code: Code) -> str:
        code.expires_at = time.time() + self._mode.code_lifetime
        text = f"0.{random_text(self._mode, 400)}"
        self._codes[digest_of(text)] = code
        return text

    def find_code(self, text: str) -> Code | None:
        """Also one that was used or has expired."""
        return self._codes.get(digest_of(text))

    def begin(self, code: Code, scopes: list[str]) -> Grant:
        grant = Grant(len(self._grants) + 1, code.client, code.email, scopes)
        self._grants.append(grant)
        return grant

    def new_refresh_token(self, grant: Grant) -> str:
        """The ones before it stay good, but with Mode.rotate."""
        if self._mode.rotate:
            for digest in grant.digests:
                self._refresh.pop(digest, None)
        text = "1." + random_text(self._mode, self._mode.refresh_token_length + 400)
        grant.digests.append(digest_of(text))
        self._refresh[grant.digests[-1]] = grant
        return text

    def find_refresh(self, text: str) -> Grant | None:
        """The grant of this refresh token, ended or not."""
        return self._refresh.get(digest_of(text))

    def new_access_token(self, grant: Grant) -> str:
        text = "EwB" + random_text(self._mode, self._mode.access_token_length + 1000)
        return self._access.add(text, grant, self._mode.expires_in)

    def access(self, text: str) -> Grant | None:
        """The grant of a good access token, which outlives what the user withdraws."""
        return self._access.find(text)

    def expire_access_tokens(self, email: str | None) -> int:
        return self._access.expire(email)

    def withdraw(self, email: str) -> int:
        ended = [grant for grant in self._grants if grant.email == email and not grant.ended_by]
        for grant in ended:
            grant.ended_by = "withdrawn"
        return len(ended)
