"""JSON Web Tokens signed with RS256 (RFC 7515), and the key to check them (RFC 7517)."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_number(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def compact(value: dict) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode())


class Signer:
    """Signs with a key that lives as long as the process."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = self._key.public_key().public_numbers()
        self._public = {"kty": "RSA", "use": "sig", "alg": "RS256",
                        "n": base64url_number(public.n), "e": base64url_number(public.e)}
        self._public["kid"] = hashlib.sha256(self._public["n"].encode()).hexdigest()[:40]

    def keys(self) -> dict:
        return {"keys": [self._public]}

    def sign(self, claims: dict) -> str:
        head = {"alg": "RS256", "kid": self._public["kid"], "typ": "JWT"}
        signed = f"{compact(head)}.{compact(claims)}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64url(signature)}"
