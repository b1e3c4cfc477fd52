"""What a provider's module offers to the parts that are common to all providers."""

from __future__ import annotations

from typing import Callable, Protocol

from aiohttp import web

from .answers import Envelope


class Dialect(Protocol):
    #: The provider's name in `state` and in logs, such as "google".
    name: str
    #: Names of its routes at which faults can be armed and requests are counted.
    endpoints: tuple[str, ...]
    #: What its answers look like.
    envelope: Envelope

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Adds its routes on the sandbox's own host; each route that `endpoints` lists carries that name."""

    async def endpoint_of(self, http: web.Request, route: str) -> str:
        """The endpoint of a request: mostly its route's name."""

    def features(self, http: web.Request, endpoint: str) -> dict[str, str]:
        """What faults may be limited by, besides the endpoint: account, calendar, id, page and cursor, as far as there
        are any."""

    def enter(self, http: web.Request, endpoint: str, account: str) -> web.Response | None:
        """Counts a request of this account; the refusal where that is one too many, else None, and it will leave."""

    def leave(self, account: str) -> None:
        """A request that was let in is over."""

    def fault_answer(self, http: web.Request, endpoint: str, kind: str,
                     params: dict) -> web.Response:
        """The provider's wording of the kinds status, rate_limit and error."""

    def addresses(self, base: str) -> dict[str, str]:
        """Absolute addresses of what a client must be told, under names of its own."""

    def grants(self) -> list[dict]:
        """Every grant it remembers: account, client, scopes, alive; tokens as SHA-256 only."""

    def expire_access_tokens(self, email: str | None) -> int:
        """Ends all access tokens (of one account) and returns how many it ended."""

    def revoke_account(self, email: str) -> int:
        """The user withdraws at the provider. Returns how many live grants that ended."""

    def controls(self) -> dict[str, Callable[[dict], dict]]:
        """Calls of the control API that it alone has: a path below its name, and what a POST there does. ValueError
        and LookupError say what doesn't fit."""

    def auto_approve(self, approval: dict | None) -> None:
        """With an approval the authorization endpoint answers at once, without a page."""

    def reset(self) -> None:
        """Forgets all grants, codes and tokens."""
