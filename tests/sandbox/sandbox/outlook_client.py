"""How a client proves itself to Microsoft's token endpoint: by its secret, or by a JWT that its certificate's key
signed (RFC 7523; Microsoft's certificate credentials)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

from aiohttp import web
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from .forms import Parameters
from .outlook_errors import token_error
from .settings import Client
from .signing import base64url

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = 600
SKEW = 300


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class ClientCheck:
    def __init__(self, clients: dict[str, Client]) -> None:
        self._clients = clients
        self._seen: set[str] = set()

    def reset(self) -> None:
        self._seen.clear()

    def client(self, http: web.Request, form: Parameters) -> Client | web.Response:
        """The authenticated client, or the refusal."""
        client_id = form.get("client_id")
        client = self._clients.get(client_id)
        if client is None:
            return token_error(700016, client_id)
        if "Origin" in http.headers:
            return token_error("invalid_request", client_id)
        secret, assertion = form.get("client_secret"), form.get("client_assertion")
        if bool(secret) == bool(assertion):
            return token_error(7000218, client_id)
        if assertion:
            wrong = self._wrong_with(http, form, client)
            return token_error(wrong, client_id) if wrong else client
        right = bool(client.secret) and hmac.compare_digest(secret.encode(), client.secret.encode())
        return client if right else token_error(7000215, client_id)

    def _wrong_with(self, http: web.Request, form: Parameters, client: Client) -> int | None:
        """The AADSTS number of what is wrong with the assertion."""
        if form.get("client_assertion_type") != JWT_BEARER or not client.certificate:
            return 700027
        try:
            head, body, signature = form.get("client_assertion").split(".")
            header, claims = json.loads(decoded(head)), json.loads(decoded(body))
            certificate = x509.load_pem_x509_certificate(client.certificate.encode())
            certificate.public_key().verify(
                decoded(signature), f"{head}.{body}".encode(),
                padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        except (ValueError, InvalidSignature):
            return 700027
        digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
        if header != {"alg": "PS256", "typ": "JWT", "x5t#S256": base64url(digest)}:
            return 700027
        if not claims.get("iss") == claims.get("sub") == client.client_id:
            return 700021
        if claims.get("aud") != f"{http.scheme}://{http.host}{http.path}":
            return 700023
        return self._wrong_with_times(claims)

    def _wrong_with_times(self, claims: dict) -> int | None:
        now, times = time.time(), [claims.get(name) for name in ("nbf", "iat", "exp")]
        if not all(type(one) is int for one in times):
            return 700024
        start, issued, end = times
        if not (start - SKEW <= now < end and issued - SKEW <= now and end - start <= LONGEST_LIFE):
            return 700024
        if not claims.get("jti") or claims["jti"] in self._seen:
            return 700027
        self._seen.add(claims["jti"])
        return None
