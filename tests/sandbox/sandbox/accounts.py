"""The people who have an account at the providers, and their calendars."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from typing import Callable

from .zones import iana

ROLES = ("freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
CHOOSER_LENGTH = 12
COLOURS = ("#9fe1e7", "#16a765", "#f83a22", "#42d692", "#ffad46", "#7bd148", "#b99aff")


@dataclass
class Calendar:
    id: str
    name: str
    role: str = "owner"
    time_zone: str = "Europe/Berlin"
    colour: str = COLOURS[0]
    description: str | None = None
    own_name: str | None = None
    primary: bool = False
    hidden: bool = False
    selected: bool = True
    #: Members laid over the provider's own form of this entry, for odd and hostile cases.
    extra: dict = field(default_factory=dict)

    @staticmethod
    def from_dict(members: dict) -> "Calendar":
        known = {entry.name for entry in fields(Calendar)}
        if not isinstance(members, dict) or not {"id", "name"} <= members.keys() <= known:
            raise ValueError(f"a calendar has id, name and optionally {sorted(known)}")
        if members.get("role", "owner") not in ROLES:
            raise ValueError(f"role must be one of {ROLES}")
        return Calendar(**members)


@dataclass
class Account:
    email: str
    name: str
    #: The account's lasting identity; the e-mail address may change, this does not.
    sub: str
    calendars: list[Calendar]
    #: Grows with each change of the calendars.
    version: int = 1
    #: The version in which each calendar was last changed, or went.
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    #: Cursors of the list of an earlier generation are refused.
    list_generation: int = 0
    #: At Microsoft: nobody but an administrator may consent; there is no mailbox.
    needs_admin_consent: bool = False
    mailbox: bool = True
    #: Of its mailbox at Microsoft.
    time_zone: str = "Europe/Berlin"

    def replace(self, calendars: list[Calendar]) -> None:
        """Another list of calendars; what differs from the one before counts as changed."""
        self.version += 1
        before = {calendar.id: calendar for calendar in self.calendars}
        for calendar in calendars:
            if before.pop(calendar.id, None) != calendar:
                self.changed[calendar.id] = self.version
            self.removed.pop(calendar.id, None)
        self.removed |= {name: self.version for name in before}
        self.calendars = calendars

    def as_dict(self) -> dict:
        return {"email": self.email, "name": self.name, "sub": self.sub,
                "calendars": [calendar.id for calendar in self.calendars]}


def digits_of(text: str, count: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return str(number % (9 * 10 ** (count - 1)) + 10 ** (count - 1))


def group_calendar_id(text: str) -> str:
    return f"c_{hashlib.sha256(text.encode()).hexdigest()[:16]}@group.calendar.google.com"


def default_calendars(email: str) -> list[Calendar]:
    """Primary, an owned secondary, a shared one with free/busy only, a holiday calendar."""
    if email == "avery@example.com":
        interviews = "c_0123456789abcdef@group.calendar.google.com"
    else:
        interviews = group_calendar_id(email)
    colleague = "avery" if email == "sam@example.com" else "sam"
    return [
        Calendar(email, email, primary=True),
        Calendar(interviews, "Interviews", role="writer", colour=COLOURS[1],
                 description="Hiring"),
        Calendar(f"{colleague}@example.com", f"{colleague}@example.com", role="freeBusyReader",
                 time_zone="America/New_York", colour=COLOURS[2], selected=False,
                 own_name=colleague.capitalize()),
        Calendar("en.german#holiday@group.v.calendar.google.com", "Holidays in Germany",
                 role="reader", colour=COLOURS[3], selected=False, hidden=True),
    ]


def calendars_up_to(email: str, count: int) -> list[Calendar]:
    """The first `count` calendars of an account: the default ones, then teams without end."""
    calendars = default_calendars(email)[:count]
    for number in range(len(calendars) + 1, count + 1):
        calendars.append(Calendar(group_calendar_id(f"{email} {number}"), f"Team {number}",
                                  role="writer", colour=COLOURS[number % len(COLOURS)]))
    return calendars


class Accounts:
    DEFAULT = (("avery@example.com", "Avery Quinn"), ("sam@example.com", "Sam Okafor"),
               ("jordan@example.com", "Jordan Lind"), ("riley@example.com", "Riley Moreau"),
               ("morgan@example.com", "Morgan Tanaka"), ("casey@example.com", "Casey Novak"))

    def __init__(self) -> None:
        self._by_email: dict[str, Account] = {}
        #: Told of an account whose list of calendars has changed. What watches is put here by its owner.
        self.told: Callable[[Account], None] = lambda account: None
        self.reset()

    def reset(self) -> None:
        self._by_email.clear()
        for email, name in self.DEFAULT:
            self._add(email, name)

    def all(self) -> list[Account]:
        return list(self._by_email.values())

    def chooser(self) -> list[Account]:
        """The accounts that a page offers; any other may be typed."""
        return self.all()[:CHOOSER_LENGTH]

    def position(self, account: Account) -> int:
        """Its place in the chooser, the last place for one that is not shown there."""
        shown = self.chooser()
        return shown.index(account) if account in shown else len(shown)

    def find(self, email: str) -> Account | None:
        return self._by_email.get(email.casefold())

    def find_hint(self, hint: str) -> Account | None:
        """A login hint names an account by its e-mail address or by its lasting identity."""
        found = self.find(hint)
        return found or next((one for one in self._by_email.values() if one.sub == hint), None)

    def ensure(self, email: str) -> Account:
        """The account with this address; a new one where there is none."""
        return self.find(email) or self._add(email, email.partition("@")[0].capitalize())

    def put(self, wishes: dict) -> Account:
        """Adds or changes an account; ValueError says which member does not fit."""
        email, calendars = wishes.get("email"), wishes.get("calendars")
        if not isinstance(email, str) or not plausible_email(email):
            raise ValueError("email must be an e-mail address")
        if isinstance(calendars, bool) or not isinstance(calendars, (int, list, type(None))):
            raise ValueError("calendars must be a number or a list of calendars")
        if isinstance(calendars, int) and not 0 <= calendars <= 100_000:
            raise ValueError("calendars must be between 0 and 100000")
        if isinstance(calendars, list):
            calendars = [Calendar.from_dict(members) for members in calendars]
        if "time_zone" in wishes:
            iana(wishes["time_zone"])
        for member in ("name", "sub", "time_zone"):
            if not isinstance(wishes.get(member, ""), str):
                raise ValueError(f"{member} must be text")
        for member in ("needs_admin_consent", "mailbox"):
            if not isinstance(wishes.get(member, True), bool):
                raise ValueError(f"{member} must be true or false")
        account = self.ensure(email)
        account.needs_admin_consent = wishes.get("needs_admin_consent", account.needs_admin_consent)
        account.mailbox = wishes.get("mailbox", account.mailbox)
        account.name = wishes.get("name", account.name)
        account.sub = wishes.get("sub", account.sub)
        account.time_zone = wishes.get("time_zone", account.time_zone)
        if calendars is not None:
            account.replace(calendars_up_to(account.email, calendars) if isinstance(calendars, int) else calendars)
            self.told(account)
        return account

    def _add(self, email: str, name: str) -> Account:
        account = Account(email, name, digits_of(email.casefold(), 21), default_calendars(email))
        self._by_email[email.casefold()] = account
        return account


def plausible_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return (bool(local and at and "." in domain) and len(text) <= 254 and text.isascii()
            and text.isprintable() and not any(mark in text for mark in ' "<>'))
