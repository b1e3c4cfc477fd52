"""Who the user is, as a signed id_token (OpenID Connect Core 2), and the keys to check it."""

from __future__ import annotations

import base64
import hashlib
import json
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .accounts import Account

LIFETIME = 3599


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_number(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def compact(value: dict) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode())


class IdentitySigner:
    """Signs with a key that lives as long as the process."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = self._key.public_key().public_numbers()
        self._public = {"kty": "RSA", "use": "sig", "alg": "RS256",
                        "n": base64url_number(public.n), "e": base64url_number(public.e)}
        self._public["kid"] = hashlib.sha256(self._public["n"].encode()).hexdigest()[:40]

    def keys(self) -> dict:
        return {"keys": [self._public]}

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
        head = {"alg": "RS256", "kid": self._public["kid"], "typ": "JWT"}
        signed = f"{compact(head)}.{compact(claims)}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64url(signature)}"
