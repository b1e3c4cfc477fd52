"""The people who have an Apple Account: their passwords, and where their calendars are."""

from __future__ import annotations

import hmac
import secrets
import string
from dataclasses import dataclass

from .accounts import digits_of, plausible_email
from .icloud_calendars import IcloudCalendar, calendars_up_to, default_calendars

PARTITIONS = (42, 43)
#: What a partition, and the entry, say of a home that is on another one.
ELSEWHERE = (301, 404, 421)
LARGEST = 100_000


@dataclass
class IcloudAccount:
    apple_id: str
    name: str
    #: The directory services identifier, in every path of the account.
    dsid: str
    #: Opens the account's web pages, and never CalDAV.
    main_password: str
    #: App-specific passwords by their labels.
    passwords: dict[str, str]
    calendars: list[IcloudCalendar]
    partition: int = PARTITIONS[0]
    elsewhere: int = ELSEWHERE[0]
    #: For times that float.
    time_zone: str = "Europe/Berlin"
    #: Grows with each change of the calendars.
    version: int = 1

    def as_dict(self) -> dict:
        return {"apple_id": self.apple_id, "name": self.name, "dsid": self.dsid, "partition": self.partition,
                "elsewhere": self.elsewhere, "labels": list(self.passwords),
                "calendars": [calendar.id for calendar in self.calendars]}

    def opened_by(self, password: str) -> bool:
        return any(hmac.compare_digest(one.encode(), password.encode()) for one in self.passwords.values())


def new_password() -> str:
    """As Apple makes them: four groups of four lower-case letters."""
    return "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(4)) for _ in range(4))


def text_of(wishes: dict, member: str, default: str) -> str:
    value = wishes.get(member, default)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{member} must be a text")
    return value


def chosen(wishes: dict, member: str, default: int, choice: tuple[int, ...]) -> int:
    value = wishes.get(member, default)
    if type(value) is not int or value not in choice:
        raise ValueError(f"{member} must be one of {choice}")
    return value


class IcloudAccounts:
    #: Apple ID, name, DSID, app-specific password.
    DEFAULT = (("avery@icloud.example", "Avery Stone", "1234567890", "khzt-wmqe-ravo-plix"),
               ("sam@icloud.example", "Sam Okafor", "2345678901", "bogu-tynd-cleh-marw"))

    def __init__(self) -> None:
        self._by_id: dict[str, IcloudAccount] = {}
        self.reset()

    def reset(self) -> None:
        self._by_id.clear()
        for apple_id, name, dsid, password in self.DEFAULT:
            self._by_id[apple_id.casefold()] = IcloudAccount(apple_id, name, dsid, f"main password of {name}",
                                                             {"mod_calint": password}, default_calendars())

    def find(self, apple_id: str) -> IcloudAccount | None:
        return self._by_id.get(apple_id.casefold())

    def named(self, wishes: dict) -> IcloudAccount:
        account = self.find(str(wishes.get("apple_id", "")))
        if account is None:
            raise LookupError("no such Apple ID")
        return account

    def put(self, wishes: dict) -> IcloudAccount:
        """Adds or changes an account; a new one has no app-specific password yet."""
        apple_id = wishes.get("apple_id")
        if not isinstance(apple_id, str) or not plausible_email(apple_id):
            raise ValueError("apple_id must be an e-mail address")
        known = self.find(apple_id) or IcloudAccount(
            apple_id, apple_id.partition("@")[0].capitalize(), digits_of(apple_id.casefold(), 10),
            "main password", {}, default_calendars())
        name, dsid = text_of(wishes, "name", known.name), text_of(wishes, "dsid", known.dsid)
        main_password = text_of(wishes, "main_password", known.main_password)
        partition = chosen(wishes, "partition", known.partition, PARTITIONS)
        elsewhere = chosen(wishes, "elsewhere", known.elsewhere, ELSEWHERE)
        if not dsid.isdigit():
            raise ValueError("dsid must be digits")
        calendars = self._calendars(wishes.get("calendars"))
        if calendars is not None:
            known.calendars = calendars
            known.version += 1
        if main_password != known.main_password:
            # Apple ends every app-specific password when the main one changes.
            known.passwords.clear()
        known.name, known.dsid, known.main_password = name, dsid, main_password
        known.partition, known.elsewhere = partition, elsewhere
        self._by_id[apple_id.casefold()] = known
        return known

    @staticmethod
    def _calendars(wish) -> list[IcloudCalendar] | None:
        if wish is None:
            return None
        if type(wish) is int and 0 <= wish <= LARGEST:
            return calendars_up_to(wish)
        if isinstance(wish, list):
            return [IcloudCalendar.from_dict(members) for members in wish]
        raise ValueError(f"calendars must be a number up to {LARGEST} or a list of calendars")

    def put_calendar(self, wishes: dict) -> IcloudAccount:
        """Adds a calendar, changes the members given of one that is there, or with `gone` takes it away."""
        account = self.named(wishes)
        members = {name: value for name, value in wishes.items() if name not in ("apple_id", "gone")}
        position = next((number for number, one in enumerate(account.calendars) if one.id == members.get("id")), None)
        if wishes.get("gone"):
            if position is None:
                raise LookupError("no such calendar")
            account.calendars.pop(position)
        elif position is None:
            account.calendars.append(IcloudCalendar.from_dict(members))
        else:
            account.calendars[position] = account.calendars[position].changed(members)
        account.version += 1
        return account

    def make_password(self, wishes: dict) -> str:
        """A new app-specific password under a label; `password` chooses its text."""
        account = self.named(wishes)
        label = text_of(wishes, "label", "mod_calint")
        account.passwords[label] = text_of(wishes, "password", new_password())
        return account.passwords[label]

    def revoke(self, apple_id: str, label: str | None = None) -> int:
        """The user revokes one app-specific password, or all. Returns how many."""
        account = self.find(apple_id)
        labels = [one for one in account.passwords if label in (None, one)] if account else []
        for one in labels:
            del account.passwords[one]
        return len(labels)
