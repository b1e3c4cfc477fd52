"""Who somebody is to Microsoft: tenants, accounts, and the id_token of the v2.0 endpoint."""

from __future__ import annotations

import hashlib
import time
import uuid

from .accounts import Account
from .signing import Signer, base64url

LIFETIME = 3600
#: The tenant of all personal accounts, and the domains of such accounts here.
PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
PERSONAL_DOMAINS = ("outlook.com", "hotmail.com", "live.com", "outlook.example")


def guid_of(text: str) -> str:
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16]))


def domain_of(account: Account) -> str:
    return account.email.rpartition("@")[2].casefold()


def tenant_of(account: Account) -> str:
    domain = domain_of(account)
    return PERSONAL_TENANT if domain in PERSONAL_DOMAINS else guid_of(f"tenant of {domain}")


def object_of(account: Account) -> str:
    """oid: follows `sub`, so it stays when the address changes."""
    return guid_of(f"object {account.sub}")


def may_sign_in(tenant: str, account: Account) -> bool:
    """Whether the endpoint of this tenant lets the account in."""
    own = tenant_of(account)
    return {"common": True, "organizations": own != PERSONAL_TENANT,
            "consumers": own == PERSONAL_TENANT}.get(
                tenant.casefold(), tenant.casefold() in (own, domain_of(account)))


class OutlookIdentity(Signer):
    def id_token(self, origin: str, account: Account, client_id: str, nonce: str,
                 wrong_claim: str | None = None) -> str:
        """`origin` is the address by which the client came here: the issuer's beginning."""
        now = int(time.time())
        tenant = tenant_of(account)
        pairwise = base64url(hashlib.sha256(f"{client_id} {account.sub}".encode()).digest())
        claims = {"ver": "2.0", "iss": f"{origin}/{tenant}/v2.0", "sub": pairwise,
                  "aud": client_id, "exp": now + LIFETIME, "iat": now, "nbf": now,
                  "name": account.name, "preferred_username": account.email,
                  "oid": object_of(account), "tid": tenant}
        if nonce:
            claims["nonce"] = nonce
        wrong = {"iss": f"{origin}/{guid_of('another tenant')}/v2.0", "aud": guid_of("client"),
                 "exp": now - 7200, "nonce": "another-nonce", "sub": "",
                 "tid": guid_of("another tenant")}
        if wrong_claim in wrong:
            claims[wrong_claim] = wrong[wrong_claim]
        return self.sign(claims)
