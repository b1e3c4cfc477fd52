"""What the tests of Outlook's dialect share: samples, and an OAuth client's steps done by hand."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from client import Sandbox
from flow import CALLBACK, VERIFIER, answer_of, challenge_of

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "microsoft"
AVERY = "avery@contoso.example"
SCOPE = "openid profile email offline_access Calendars.ReadWrite MailboxSettings.Read"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def sample(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def url(sandbox: Sandbox, name: str, tenant: str = "common") -> str:
    return sandbox.http["outlook"][name].replace("{tenant}", tenant)


def authorize_url(sandbox: Sandbox, leave_out: tuple[str, ...] = (), tenant: str = "common",
                  **changes) -> str:
    query = {"client_id": sandbox.client_id, "redirect_uri": CALLBACK, "response_type": "code",
             "response_mode": "query", "scope": SCOPE, "prompt": "select_account",
             "state": "STATE", "nonce": "NONCE", "code_challenge": challenge_of(VERIFIER),
             "code_challenge_method": "S256", **changes}
    query = {name: value for name, value in query.items() if name not in leave_out}
    return f"{url(sandbox, 'authorize_url', tenant)}?{urlencode(query)}"


def code_from(sandbox: Sandbox, email: str = AVERY, **changes) -> str:
    return answer_of(sandbox.approve(authorize_url(sandbox, **changes), email))["code"]


def post_token(sandbox: Sandbox, tenant: str = "common", headers: dict | None = None,
               leave_out: tuple[str, ...] = (), **form) -> requests.Response:
    form = {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret, "scope": SCOPE,
            **form}
    form = {name: value for name, value in form.items() if name not in leave_out}
    return requests.post(url(sandbox, "token_url", tenant), data=form, headers=headers, timeout=10)


def exchange(sandbox: Sandbox, code: str, **changes) -> requests.Response:
    return post_token(sandbox, **{"grant_type": "authorization_code", "code": code,
                                  "redirect_uri": CALLBACK, "code_verifier": VERIFIER, **changes})


def refresh(sandbox: Sandbox, token: str, **changes) -> requests.Response:
    return post_token(sandbox, **{"grant_type": "refresh_token", "refresh_token": token, **changes})


def connect(sandbox: Sandbox, email: str = AVERY, **changes) -> dict:
    """A whole flow: the members of the token answer."""
    answer = exchange(sandbox, code_from(sandbox, email, **changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


def calendars(sandbox: Sandbox, token: str | None, address: str | None = None,
              **query) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(address or f"{sandbox.http['outlook']['api_url']}/me/calendars",
                        headers=headers, params=query, timeout=10)


def refused(answer: requests.Response, number: int) -> bool:
    """Status, error, number, text and further members are those of the sample."""
    wanted = sample(f"token-error-{number}")["response"]
    body = answer.json()
    assert answer.status_code == wanted["status"]
    assert body.keys() == wanted["json"].keys()
    text = wanted["json"]["error_description"].partition(" Trace ID")[0]
    client = wanted["json"]["error_description"].partition("'")[2].partition("'")[0]
    if client and "'" in body["error_description"]:
        text = text.replace(client, body["error_description"].split("'")[1])
    assert body["error_description"].startswith(text + " Trace ID: ")
    for name in ("error", "error_codes", "suberror", "claims", "error_uri"):
        assert body.get(name) == wanted["json"].get(name)
    return True


def refused_by_graph(answer: requests.Response, name: str) -> bool:
    wanted = sample(name)["response"]
    assert answer.status_code == wanted["status"]
    assert answer.headers["Content-Type"] == wanted["headers"]["Content-Type"]
    found, error = answer.json()["error"], wanted["json"]["error"]
    assert (found["code"], found["message"]) == (error["code"], error["message"])
    assert found["innerError"].keys() == error["innerError"].keys()
    assert found["innerError"]["request-id"] == answer.headers["request-id"]
    return True


# A client with a certificate

def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@lru_cache
def key_pair() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
    now = datetime.utcnow()
    day = timedelta(days=1)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
                   .public_key(key.public_key()).serial_number(1).not_valid_before(now - day)
                   .not_valid_after(now + day).sign(key, hashes.SHA256()))
    return key, certificate


def certificate_pem() -> str:
    return key_pair()[1].public_bytes(serialization.Encoding.PEM).decode()


def assertion(sandbox: Sandbox, salt: int = 32, header: dict | None = None, **claims) -> dict:
    """The form's members that prove the client; changed claims make a wrong proof."""
    key, certificate = key_pair()
    digest = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest()
    now = int(time.time())
    head = {"alg": "PS256", "typ": "JWT", "x5t#S256": base64url(digest), **(header or {})}
    body = {"aud": url(sandbox, "token_url"), "iss": sandbox.client_id, "sub": sandbox.client_id,
            "jti": secrets.token_hex(16), "nbf": now, "iat": now, "exp": now + 300, **claims}
    text = ".".join(base64url(json.dumps(part).encode()) for part in (head, body))
    signature = key.sign(text.encode(), padding.PSS(padding.MGF1(hashes.SHA256()), salt),
                         hashes.SHA256())
    return {"client_assertion_type": JWT_BEARER,
            "client_assertion": f"{text}.{base64url(signature)}"}
