"""Switches that tests turn while the sandbox runs; common to all dialects."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

#: The values that a switch may have, where they are few.
CHOICES = {"conference": ("success", "failure", "pending"), "transaction_repeat": ("event", "error", "forgotten"),
           "icloud_rewrites": ("scheduled", "all", "none"), "push": ("on", "twice", "lost")}


@dataclass
class Mode:
    #: A refresh gives a new refresh token and the old one dies at once.
    rotate: bool = False
    #: With rotate: presenting a rotated token again ends the whole grant.
    reuse_kills_grant: bool = False
    #: Seconds; what expires_in says and how long an access token really works.
    expires_in: int = 3599
    #: Seconds of a time-limited grant, or None for one without an end.
    refresh_expires_in: int | None = None
    #: Seconds that an authorization code stays good.
    code_lifetime: int = 600
    #: Text that every code, access and refresh token contains, so that a test can look for it.
    token_prefix: str = ""
    #: Bytes; the documented upper limits are 2048 and 512.
    access_token_length: int = 180
    refresh_token_length: int = 103
    #: Live refresh tokens per account and client; beyond it the oldest dies without notice.
    live_limit: int = 100
    #: What becomes of a room that is asked for with an event: success, failure, or pending for ever.
    conference: str = "success"
    #: How many readings of the event still find it pending, at Microsoft without its address.
    conference_reads: int = 0
    #: Requests that an account may make to Google's Calendar API in a minute, and to Graph in ten; 0 for any number.
    google_per_minute: int = 600
    outlook_per_ten_minutes: int = 10_000
    #: Requests to one mailbox of Microsoft's at once.
    outlook_at_once: int = 4
    #: What becomes of a create of Graph's whose transactionId has made an event before: that event, an error, or another
    #: event, as if it were forgotten.
    transaction_repeat: str = "event"
    #: Whether iCloud knows sync-collection; without it there are ctags and ETags only. How many changes it tells at
    #: once, 0 for all.
    icloud_sync: bool = True
    icloud_page: int = 0
    #: Which objects iCloud rewrites, and gives no ETag for: scheduled (those that invite), all, or none.
    icloud_rewrites: str = "scheduled"
    #: Whether changes are told to who watches a calendar: on, twice, or lost.
    push: str = "on"
    #: Whether the address of a channel or subscription must be https, as at the providers.
    push_needs_https: bool = False

    def change(self, wishes: dict) -> None:
        """Takes over the members of `wishes`; ValueError names the first that does not fit."""
        checked = {}
        for name, value in wishes.items():
            checked[name] = self._fitting(name, value)
        for name, value in checked.items():
            setattr(self, name, value)

    @staticmethod
    def _fitting(name: str, value):
        known = {entry.name: entry.default for entry in fields(Mode)}
        if name not in known:
            raise ValueError(f"no such mode: {name}")
        if value is None and known[name] is None:
            return None
        wanted = int if known[name] is None else type(known[name])
        if type(value) is not wanted:
            raise ValueError(f"{name} must be of type {wanted.__name__}")
        if wanted is int and value < 0:
            raise ValueError(f"{name} must not be negative")
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{name} must be one of {CHOICES[name]}")
        return value

    def as_dict(self) -> dict:
        return asdict(self)
