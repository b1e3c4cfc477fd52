"""A meeting in words that belong to no provider, for tests that are the same for each."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from .accounts import plausible_email
from .recurrence import Series, Times
from .zones import iana

SHOWN = ("busy", "free", "tentative", "oof")
ANSWERS = ("accepted", "declined", "tentative", "needs_action")


def local(text) -> datetime:
    """A wall clock's time, without an offset; a date is its midnight."""
    if not isinstance(text, str):
        raise ValueError(f"a time is a text: {text!r}")
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError(f"a wall clock's time has no offset: {text}")
    return found


def is_date(text) -> bool:
    return isinstance(text, str) and len(text) == 10


@dataclass(frozen=True)
class Moved:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Meeting:
    #: Wall clock of `time_zone`; dates for all-day ones, whose end is the day after the last.
    start: datetime
    end: datetime
    time_zone: str
    all_day: bool = False
    title: str = "Meeting"
    #: RRULE's value, such as FREQ=WEEKLY;COUNT=10.
    repeat: str = ""
    #: Occurrences that don't take place, and those that do at another time, by their own start.
    skipped: tuple[datetime, ...] = ()
    moved: dict[datetime, Moved] = field(default_factory=dict)
    show: str = "busy"
    #: Of whose calendar it is, where somebody else invited them; "" where nobody did.
    answer: str = ""
    organizer: str = ""
    guests: tuple[str, ...] = ()
    cancelled: bool = False
    private: bool = False
    #: iCalUID or UID; "" for one of the provider's making.
    uid: str = ""

    @property
    def series(self) -> Series:
        times = Times(self.start, self.length, self.time_zone, self.all_day)
        return Series(times, (self.repeat,) if self.repeat else (), (), frozenset(self.skipped))

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def parse(wishes: dict) -> Meeting:
    """ValueError says which member doesn't fit."""
    known = {entry.name for entry in fields(Meeting)} - {"all_day"}
    if not isinstance(wishes, dict) or not {"start", "end"} <= wishes.keys() <= known:
        raise ValueError(f"a meeting has start, end and optionally {sorted(known)}")
    texts = {name: wishes.get(name, default) for name, default in (
        ("time_zone", "Europe/Berlin"), ("title", "Meeting"), ("repeat", ""), ("show", "busy"), ("answer", ""),
        ("organizer", ""), ("uid", ""))}
    if wrong := next((name for name, value in texts.items() if not isinstance(value, str)), None):
        raise ValueError(f"{wrong} must be a text")
    if texts["show"] not in SHOWN or texts["answer"] not in ("", *ANSWERS):
        raise ValueError(f"show is one of {SHOWN}, answer of {ANSWERS}")
    iana(texts["time_zone"])
    guests = wishes.get("guests", [])
    if not isinstance(guests, list) or not all(isinstance(one, str) and plausible_email(one) for one in guests):
        raise ValueError("guests are e-mail addresses")
    if texts["answer"] and not texts["organizer"]:
        texts["organizer"] = "boss@elsewhere.example"
    all_day = is_date(wishes["start"])
    if all_day != is_date(wishes["end"]):
        raise ValueError("start and end are both dates or both times")
    moved = {local(key): Moved(local(value["start"]), local(value["end"]))
             for key, value in wishes.get("moved", {}).items()}
    meeting = Meeting(local(wishes["start"]), local(wishes["end"]), all_day=all_day, guests=tuple(guests), moved=moved,
                      skipped=tuple(local(one) for one in wishes.get("skipped", [])),
                      cancelled=bool(wishes.get("cancelled")), private=bool(wishes.get("private")), **texts)
    if meeting.length < timedelta() or (all_day and not meeting.length):
        raise ValueError("a meeting ends after it begins")
    meeting.series.check()
    whole = Series(meeting.series.times, meeting.series.rules)
    if strange := next((one for one in (*meeting.skipped, *moved) if not whole.has(one)), None):
        raise ValueError(f"the meeting has no occurrence at {strange.isoformat()}")
    return meeting


@dataclass(frozen=True)
class Filling:
    """Many events at once, one after the other."""

    count: int
    first: datetime
    every: timedelta
    length: timedelta
    time_zone: str

    def __iter__(self):
        for number in range(self.count):
            start = self.first + number * self.every
            yield number, Times(start, self.length, self.time_zone)


def parse_filling(wishes: dict) -> Filling:
    count = wishes.get("count")
    if type(count) is not int or not 0 <= count <= 1_000_000:
        raise ValueError("count must be a number up to 1000000")
    minutes = {name: wishes.get(name, default) for name, default in (("every", 60), ("length", 30))}
    if not all(type(value) is int and value > 0 for value in minutes.values()):
        raise ValueError("every and length are minutes")
    zone = wishes.get("time_zone", "Europe/Berlin")
    iana(zone)
    return Filling(count, local(wishes.get("first", "2027-01-04T08:00:00")), timedelta(minutes=minutes["every"]),
                   timedelta(minutes=minutes["length"]), zone)
