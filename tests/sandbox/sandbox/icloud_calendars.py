"""The calendars of an iCloud account."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields

COLOURS = (("blue", "#1BADF8FF"), ("green", "#63DA38FF"), ("purple", "#CC73E1FF"), ("custom", "#FF2968FF"),
           ("orange", "#FF9500FF"), ("brown", "#A2845EFF"))


@dataclass
class IcloudCalendar:
    #: The last segment of its path.
    id: str
    #: None: it has no displayname.
    name: str | None = None
    colour: str = COLOURS[0][1]
    symbolic_colour: str = COLOURS[0][0]
    #: What the user may do; a shared one belongs to somebody else.
    read_only: bool = False
    shared: bool = False
    components: list = field(default_factory=lambda: ["VEVENT"])
    #: True: it doesn't block (RFC 6638, 9.1).
    transparent: bool = False
    #: The text of calendar-timezone; "" for none.
    time_zone: str = ""
    #: Its getctag stays the same when an object is deleted.
    lying_ctag: bool = False
    #: DAV:owner and the calendar's own href where they are not the usual ones.
    owner: str = ""
    href: str = ""

    @staticmethod
    def from_dict(members: dict) -> "IcloudCalendar":
        """ValueError says which member does not fit."""
        if not isinstance(members, dict) or not isinstance(members.get("id"), str) or not members["id"]:
            raise ValueError("a calendar has an id")
        known = {entry.name: entry.type for entry in fields(IcloudCalendar)}
        types = {"str": str, "str | None": (str, type(None)), "bool": bool, "list": list}
        for name, value in members.items():
            if name not in known:
                raise ValueError(f"a calendar has no {name}, but {sorted(known)}")
            if not isinstance(value, types[known[name]]):
                raise ValueError(f"{name} must be of type {known[name]}")
        return IcloudCalendar(**members)

    def changed(self, members: dict) -> "IcloudCalendar":
        return self.from_dict({**asdict(self), **members})


def default_calendars() -> list[IcloudCalendar]:
    """An own one, one for hiring, one that somebody shares for reading, and a list of reminders."""
    return [
        IcloudCalendar("personal", "Home"),
        IcloudCalendar("5E7A0000-1111-4222-8333-444455556666", "Hiring", COLOURS[1][1], COLOURS[1][0]),
        IcloudCalendar("9F00AAAA-1111-4222-8333-444455556666", "Team (shared, read only)", COLOURS[2][1],
                       COLOURS[2][0], read_only=True, shared=True),
        IcloudCalendar("tasks", "Reminders ⚠️", COLOURS[3][1], COLOURS[3][0], components=["VTODO"]),
    ]


def calendars_up_to(count: int) -> list[IcloudCalendar]:
    """The first `count` calendars of an account: the default ones, then teams without end."""
    calendars = default_calendars()[:count]
    for number in range(len(calendars) + 1, count + 1):
        symbolic, colour = COLOURS[number % len(COLOURS)]
        calendars.append(IcloudCalendar(f"7EA30000-0000-4000-8000-{number:012d}", f"Team {number}", colour, symbolic))
    return calendars
