"""The tests' hand in the calendars, the same calls for every provider."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable, Protocol

from . import meeting
from .meeting import ANSWERS, Filling, Meeting, Moved


class Hand(Protocol):
    """What a provider does to its calendars as its users do in its own pages. A place is a calendar of an account."""

    def place(self, account: str, calendar: str | None) -> Any:
        """LookupError where there is none; without a name the account's main calendar."""

    def put(self, place, event: dict | str, name: str | None, odd: bool) -> str:
        """An event in the provider's own terms, new or in place of the one of that id; its id."""

    def add(self, place, wanted: Meeting) -> str: ...

    def change(self, place, name: str, members: dict) -> None:
        """Members in the provider's own terms; ValueError and LookupError say what doesn't fit."""

    def remove(self, place, name: str) -> None: ...

    def move(self, place, name: str, to) -> str:
        """To another calendar; the id there."""

    def set_occurrence(self, place, name: str, start: datetime, to: Moved | None) -> None:
        """One occurrence takes place at another time, or with None not at all."""

    def answer(self, place, name: str, email: str, answer: str) -> None: ...

    def fill(self, place, filling: Filling) -> None: ...

    def events(self, place) -> list:
        """What is there, in the provider's own terms."""

    def expire_cursors(self, place) -> None:
        """Every cursor given for this calendar so far is refused."""


class Desk:
    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def controls(self) -> dict[str, Callable[[dict], dict]]:
        return {"events": self.put, "meetings": self.add, "change": self.change, "remove": self.remove,
                "move": self.move, "occurrence": self.occurrence, "answer": self.answer, "fill": self.fill,
                "show": self.show, "expire-cursors": self.expire_cursors}

    def _taken(self, wishes: dict, *names: str) -> list:
        """The calendar, and the members of these names."""
        known = {"account", "calendar", *names}
        if not isinstance(wishes.get("account"), str) or not wishes.keys() <= known:
            raise ValueError(f"this takes account and of {sorted(known)}")
        return [self._hand.place(wishes["account"], wishes.get("calendar")), *(wishes.get(name) for name in names)]

    def put(self, wishes: dict) -> dict:
        place, event, name, odd = self._taken(wishes, "event", "id", "odd")
        return {"id": self._hand.put(place, event, name, bool(odd))}

    def add(self, wishes: dict) -> dict:
        place, wanted = self._taken(wishes, "meeting")
        return {"id": self._hand.add(place, meeting.parse(wanted))}

    def change(self, wishes: dict) -> dict:
        place, name, members = self._taken(wishes, "id", "members")
        self._hand.change(place, name, members)
        return {}

    def remove(self, wishes: dict) -> dict:
        place, name = self._taken(wishes, "id")
        self._hand.remove(place, name)
        return {}

    def move(self, wishes: dict) -> dict:
        place, name, to = self._taken(wishes, "id", "to")
        return {"id": self._hand.move(place, name, self._hand.place(wishes["account"], to))}

    def occurrence(self, wishes: dict) -> dict:
        place, name, start, new_start, new_end = self._taken(wishes, "id", "occurrence", "start", "end")
        to = Moved(meeting.local(new_start), meeting.local(new_end)) if new_start is not None else None
        self._hand.set_occurrence(place, name, meeting.local(start), to)
        return {}

    def answer(self, wishes: dict) -> dict:
        place, name, email, answer = self._taken(wishes, "id", "email", "answer")
        if answer not in ANSWERS or not isinstance(email, str):
            raise ValueError(f"an email and an answer of {ANSWERS}")
        self._hand.answer(place, name, email, answer)
        return {}

    def fill(self, wishes: dict) -> dict:
        names = ("count", "first", "every", "length", "time_zone")
        place, *_ = self._taken(wishes, *names)
        filling = meeting.parse_filling({name: wishes[name] for name in names if name in wishes})
        self._hand.fill(place, filling)
        return {"count": filling.count}

    def show(self, wishes: dict) -> dict:
        place, *_ = self._taken(wishes)
        return {"events": self._hand.events(place)}

    def expire_cursors(self, wishes: dict) -> dict:
        place, *_ = self._taken(wishes)
        self._hand.expire_cursors(place)
        return {}
