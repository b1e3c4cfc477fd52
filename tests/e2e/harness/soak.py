"""People who change their calendars at random, and what becomes of it: for proofs that reading loses nothing."""

from __future__ import annotations

import collections
import random
import re
from datetime import date, datetime, timedelta

from client import SandboxError

#: Of what is done to a calendar, how often. What needs an event is an addition while there is none.
ACTS = {"add": 26, "repeat": 12, "move_time": 16, "remove": 14, "occurrence": 14, "call_off": 8, "show": 6,
        "move_away": 6, "touch": 4}
RULES = ("FREQ=DAILY;COUNT=5", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=12", "FREQ=WEEKLY;INTERVAL=2",
         "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=DAILY;INTERVAL=3;COUNT=40")
#: From so many on, things are called off rather than added.
CROWDED = 120
#: Days from today on: past and present, the window, its margin, and what lies behind.
REACHES = ((-6, 14), (-6, 14), (0, 180), (0, 180), (180, 211), (211, 330))
ZONE = "Europe/Berlin"


class Event:
    def __init__(self, name: str, start: datetime, rule: str = "") -> None:
        self.name, self.start, self.rule = name, start, rule

    def occurrence(self, chance: random.Random) -> datetime:
        """One that the series may have; the sandbox knows whether it does."""
        step = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30}[self.rule.split(";")[0].removeprefix("FREQ=")]
        return self.start + timedelta(days=step * chance.randrange(5))


class Owner:
    """Somebody with calendars at one provider, which they change by their own chance."""

    def __init__(self, provider: str, calendars: list, chance: random.Random) -> None:
        self.provider, self.calendars, self.chance = provider, calendars, chance
        self.events: list[list[Event]] = [[] for _ in calendars]
        self.done: collections.Counter[str] = collections.Counter()

    def change(self) -> None:
        """One change, which took place."""
        while True:
            act = self.chance.choices(list(ACTS), ACTS.values())[0]
            number = self.chance.randrange(len(self.calendars))
            if act not in ("add", "repeat") and not self.events[number]:
                act = "add"
            if act in ("add", "repeat") and len(self.events[number]) >= CROWDED:
                act = "remove"
            try:
                getattr(self, f"_{act}")(self.calendars[number], self.events[number])
            except SandboxError:  # there is no such occurrence; an event that invites may be gone
                self.done["refused"] += 1
                continue
            self.done[act] += 1
            return

    def _some_time(self) -> datetime:
        low, high = self.chance.choice(REACHES)
        day = date.today() + timedelta(days=self.chance.randrange(low, high))
        return datetime.combine(day, datetime.min.time()) + timedelta(minutes=30 * self.chance.randrange(14, 40))

    def _length(self) -> timedelta:
        return timedelta(minutes=15 * self.chance.randrange(1, 12))

    def _members(self) -> dict:
        members = {}
        if self.chance.random() < 0.2:
            members["show"] = self.chance.choice(["free", "tentative", "busy"])
        if self.chance.random() < 0.15:
            members["answer"] = self.chance.choice(["accepted", "declined", "tentative", "needs_action"])
        return members

    def _add(self, calendar, events: list[Event], rule: str = "") -> None:
        start = self._some_time()
        if "BYDAY" in rule:
            start += timedelta(days=(1 - start.weekday()) % 7)
        times = (start.isoformat(), (start + self._length()).isoformat())
        if self.chance.random() < 0.15:
            start = datetime.combine(start.date(), datetime.min.time())
            days = timedelta(days=1 if rule else self.chance.randrange(1, 4))
            times = (f"{start:%Y-%m-%d}", f"{start + days:%Y-%m-%d}")
        name = calendar.add(*times, **self._members(), **({"repeat": rule} if rule else {}))
        events.append(Event(name, start, rule))

    def _repeat(self, calendar, events: list[Event]) -> None:
        self._add(calendar, events, self.chance.choice(RULES))

    def _some(self, events: list[Event], repeats: bool | None = None) -> Event:
        wanted = [one for one in events if repeats is None or bool(one.rule) == repeats]
        return self.chance.choice(wanted or events)

    def _remove(self, calendar, events: list[Event]) -> None:
        event = self._some(events)
        calendar.remove(event.name)
        events.remove(event)

    def _occurrence(self, calendar, events: list[Event]) -> None:
        event = self._some(events, repeats=True)
        if not event.rule:
            raise SandboxError("no series")
        start = self._some_time()
        calendar.set_occurrence(event.name, event.occurrence(self.chance).isoformat(), start.isoformat(),
                                (start + self._length()).isoformat())

    def _call_off(self, calendar, events: list[Event]) -> None:
        event = self._some(events, repeats=True)
        if not event.rule:
            raise SandboxError("no series")
        calendar.set_occurrence(event.name, event.occurrence(self.chance).isoformat())

    def _move_time(self, calendar, events: list[Event]) -> None:
        """A series stays on its day."""
        event, start = self._some(events), self._some_time()
        if event.rule:
            start = datetime.combine(event.start.date(), start.time())
        end = start + self._length()
        if self.provider == "apple":
            text = next(one["text"] for one in calendar.events() if one["name"] == event.name)
            calendar.change(event.name, text=at_another_time(text, start, end))
        else:
            calendar.change(event.name, start={"dateTime": start.isoformat(), "timeZone": ZONE},
                            end={"dateTime": end.isoformat(), "timeZone": ZONE},
                            **({"isAllDay": False} if self.provider == "outlook" else {}))
        event.start = start

    def _show(self, calendar, events: list[Event]) -> None:
        event, free = self._some(events), self.chance.random() < 0.5
        calendar.change(event.name, **{
            "google": {"transparency": "transparent" if free else "opaque"},
            "outlook": {"showAs": "free" if free else "busy"},
            "apple": {"TRANSP": "TRANSPARENT" if free else "OPAQUE"}}[self.provider])

    def _touch(self, calendar, events: list[Event]) -> None:
        """A change that takes no time away and gives none."""
        calendar.change(self._some(events).name, **{
            "google": {"summary": "Other"}, "outlook": {"subject": "Other"},
            "apple": {"SUMMARY": "Other"}}[self.provider])

    def _move_away(self, calendar, events: list[Event]) -> None:
        to = (self.calendars.index(calendar) + 1) % len(self.calendars)
        event = self._some(events)
        name = calendar.move(event.name, self.calendars[to].calendar)
        events.remove(event)
        event.name = name
        self.events[to].append(event)


def at_another_time(text: str, start: datetime, end: datetime) -> str:
    """An object whose first event is then; overrides of a series are gone, as clients have it."""
    head, *blocks = re.split(r"(?=BEGIN:VEVENT)", text)
    master = next((block for block in blocks if "RECURRENCE-ID" not in block), blocks[0])
    tail = blocks[-1].split("END:VEVENT", 1)[1].lstrip("\r\n")
    master = master.split("END:VEVENT")[0] + "END:VEVENT\r\n"
    master = re.sub(r"(?m)^(EXDATE|RECURRENCE-ID)[^\r\n]*\r?\n(?: [^\r\n]*\r?\n)*", "", master)
    for name, moment in (("DTSTART", start), ("DTEND", end)):
        master = re.sub(rf"(?m)^{name}[^\r\n]*", f"{name}:{moment:%Y%m%dT%H%M%SZ}", master)
    return head + master + tail
