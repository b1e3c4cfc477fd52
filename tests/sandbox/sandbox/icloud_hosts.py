"""iCloud's hosts: listeners of their own, so that each is a place where credentials may go or not."""

from __future__ import annotations

#: The host that users' devices know, two partitions, which hold the homes, and a host of somebody else.
ENTRY, P42, P43, FOREIGN = "entry", "p42", "p43", "foreign"
#: Name of the host in URLs. All listen on 127.0.0.1; the partitions have another name than the entry, as at Apple.
NAMES = {ENTRY: "127.0.0.1", P42: "localhost", P43: "localhost", FOREIGN: "127.0.0.1"}


class Hosts:
    def __init__(self) -> None:
        self._bases: dict[tuple[str, str], str] = {}

    def listens(self, scheme: str, host: str, port: int) -> None:
        self._bases[scheme, host] = f"{scheme}://{NAMES[host]}:{port}"

    def base(self, scheme: str, host: str) -> str | None:
        """Its URL without a path and with its port; that of the first partition without TLS for "http". None for any
        other text."""
        return self._bases.get(("http", P42) if host == "http" else (scheme, host))
