"""Requests that keep to nothing the provider has published, and answers of ours that don't: neither may happen."""

from __future__ import annotations

from dataclasses import asdict, dataclass

KEPT = 200


@dataclass(frozen=True)
class Violation:
    #: request or answer.
    of: str
    endpoint: str
    method: str
    path: str
    what: str


class Violations:
    """Kept until they are taken: a reset forgets none."""

    def __init__(self) -> None:
        self._kept: list[Violation] = []

    def record(self, of: str, http, endpoint: str, complaints: list[str]) -> None:
        for what in complaints[: KEPT - len(self._kept)]:
            self._kept.append(Violation(of, endpoint, http.method, http.rel_url.raw_path[:500], what))

    def as_list(self) -> list[dict]:
        return [asdict(one) for one in self._kept]

    def take(self) -> list[dict]:
        taken, self._kept = self.as_list(), []
        return taken
