"""What the command line decides, fixed for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Client:
    """An OAuth client. Clients of one project share their users' grants at revocation."""

    client_id: str
    secret: str
    redirect_uris: tuple[str, ...]
    project: str = "sandbox"
    #: PEM; Microsoft takes a signature by its key instead of the secret.
    certificate: str = ""


@dataclass(frozen=True)
class Settings:
    issuer: str = "https://accounts.google.com"
    clients: tuple[Client, ...] = field(default_factory=tuple)
