"""A calendar of the sandbox in a test's hand: what its owner does to it, in words that are the same for every provider.

    week = sandbox.calendar("google", "avery@example.com")
    meeting = week.add("2027-01-11T10:00:00", "2027-01-11T11:00:00", repeat="FREQ=WEEKLY;COUNT=10")
    week.set_occurrence(meeting, "2027-01-18T10:00:00", "2027-01-18T15:00:00", "2027-01-18T16:00:00")
"""

from __future__ import annotations


class CalendarClient:
    """Times are those of a wall clock, without an offset; dates make all-day events. Ids are the provider's own."""

    def __init__(self, sandbox, provider: str, account: str, calendar: str | None = None) -> None:
        self._sandbox, self.provider, self.account, self.calendar = sandbox, provider, account, calendar

    def _call(self, path: str, **wishes) -> dict:
        named = {"account": self.account, **({"calendar": self.calendar} if self.calendar else {})}
        return self._sandbox.control("POST", f"{self.provider}/{path}", {**named, **wishes})

    def add(self, start: str, end: str, **members) -> str:
        """A meeting: `repeat`, `skipped`, `moved`, `show`, `answer`, `guests` and so on as the README says."""
        return self._call("meetings", meeting={"start": start, "end": end, **members})["id"]

    def put(self, event, event_id: str | None = None, odd: bool = False) -> str:
        """An event in the provider's own terms; with `odd` as no provider would write it."""
        return self._call("events", event=event, id=event_id, odd=odd)["id"]

    def change(self, event_id: str, **members) -> None:
        """Members in the provider's own terms; at iCloud `text` is the whole object."""
        self._call("change", id=event_id, members=members)

    def remove(self, event_id: str) -> None:
        self._call("remove", id=event_id)

    def move(self, event_id: str, to: str) -> str:
        """To another calendar of the account; the id there."""
        return self._call("move", id=event_id, to=to)["id"]

    def set_occurrence(self, event_id: str, occurrence: str, start: str | None = None, end: str | None = None) -> None:
        """One occurrence of a series at another time; without one it doesn't take place."""
        self._call("occurrence", id=event_id, occurrence=occurrence, start=start, end=end)

    def answer(self, event_id: str, email: str, answer: str) -> None:
        """A guest answers: accepted, declined, tentative or needs_action."""
        self._call("answer", id=event_id, email=email, answer=answer)

    def fill(self, count: int, **members) -> None:
        """So many events at once: `first`, `every` and `length` (minutes), `time_zone`."""
        self._call("fill", count=count, **members)

    def events(self) -> list:
        """What is there, in the provider's own terms."""
        return self._call("show")["events"]

    def expire_cursors(self) -> None:
        """Every cursor given so far is refused from now on."""
        self._call("expire-cursors")
