"""Who the user is, as Google's id_token (OpenID Connect Core 2)."""

from __future__ import annotations

import hashlib
import time

from .accounts import Account
from .signing import Signer, base64url

LIFETIME = 3599


class IdentitySigner(Signer):
    def __init__(self, issuer: str) -> None:
        super().__init__()
        self._issuer = issuer

    def id_token(self, account: Account, client_id: str, nonce: str, access_token: str,
                 with_email: bool, wrong_claim: str | None = None) -> str:
        """`wrong_claim` names a claim that shall not be what the client expects."""
        now = int(time.time())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {"iss": self._issuer, "azp": client_id, "aud": client_id, "sub": account.sub,
                  "at_hash": base64url(half), "iat": now, "exp": now + LIFETIME}
        if with_email:
            claims |= {"email": account.email, "email_verified": True}
        if nonce:
            claims["nonce"] = nonce
        wrong = {"iss": "https://issuer.invalid", "aud": "another-client.example",
                 "exp": now - 7200, "nonce": "another-nonce", "sub": "1" + account.sub[:-1]}
        if wrong_claim in wrong:
            claims[wrong_claim] = wrong[wrong_claim]
        return self.sign(claims)
