"""What a call of events.list asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .forms import Parameters
from .google_errors import Refusal
from .google_show import Reader
from .google_times import window_of
from .shelf import Item

DEFAULT_PAGE, LARGEST_PAGE = 250, 2500
#: What can't go with a sync token (Calendar API reference, events.list).
NOT_WITH_SYNC = ("iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax",
                 "updatedMin")
#: May differ from page to page, and from one round to the next.
FREE = ("pageToken", "syncToken", "maxResults", "fields", "alt", "prettyPrint", "quotaUser", "timeMin", "timeMax",
        "showDeleted")
EVENT_TYPES = ("default", "birthday", "focusTime", "fromGmail", "outOfOffice", "workingLocation")
#: updatedMin reaches no further back.
LONGEST_MEMORY = timedelta(days=28)


@dataclass(frozen=True)
class Question:
    size: int
    single: bool
    deleted: bool
    low: datetime | None
    high: datetime | None
    updated_min: datetime | None
    types: tuple[str, ...]
    order: str
    words: str
    uid: str
    private: tuple[str, ...]
    shared: tuple[str, ...]
    page: str
    sync: str
    #: What must stay the same from page to page, and from round to round.
    bound: list
    paged: list

    @property
    def gives_sync_token(self) -> bool:
        return not (self.order or self.updated_min or self.words or self.uid or self.private or self.shared)

    def wants(self, item: Item, reader: Reader) -> bool:
        """But for its time: whether the event is of those asked for."""
        members = item.body.members
        if self.types and members.get("eventType", "default") not in self.types:
            return False
        if self.updated_min and item.updated < self.updated_min:
            return False
        if self.uid and members.get("iCalUID", f"{item.id}@google.com") != self.uid:
            return False
        if self.words and not has_words(members, self.words):
            return False
        own = members.get("extendedProperties", {})
        return all(has_property(own.get(kind, {}), wanted)
                   for kind, asked in (("private", self.private), ("shared", self.shared)) for wanted in asked)


def has_words(members: dict, words: str) -> bool:
    people = [str(one.get(name)) for one in members.get("attendees", ()) for name in ("email", "displayName")]
    texts = [str(members.get(name, "")) for name in ("summary", "description", "location")] + people
    return all(any(word in text.casefold() for text in texts) for word in words.casefold().split())


def has_property(known: dict, wanted: str) -> bool:
    name, _, value = wanted.partition("=")
    return known.get(name) == value


def parse(query: Parameters, now: datetime) -> Question:
    """Raises Refusal."""
    size = int(query.get("maxResults", str(DEFAULT_PAGE)))
    if size < 1:
        raise Refusal.of_parameter("maxResults", query.get("maxResults"))
    sync, order = query.get("syncToken"), query.get("orderBy")
    single = query.get("singleEvents") == "true"
    if sync and (clash := next((name for name in NOT_WITH_SYNC if query.all(name)), None)):
        raise Refusal("badRequest", message=f"Sync token cannot be used with {clash}.")
    if sync and query.get("showDeleted") == "false":
        raise Refusal("badRequest", message="showDeleted cannot be false with a sync token.")
    if order and (order not in ("startTime", "updated") or (order == "startTime" and not single)):
        raise Refusal("badRequest", message="The requested ordering is not available for the particular query.")
    types = tuple(query.all("eventTypes"))
    if wrong := next((one for one in types if one not in EVENT_TYPES), None):
        raise Refusal.of_parameter("eventTypes", wrong)
    low, high = window_of(query.get("timeMin"), "timeMin"), window_of(query.get("timeMax"), "timeMax")
    if low and high and high <= low:
        raise Refusal("timeRangeEmpty")
    updated_min = window_of(query.get("updatedMin"), "updatedMin")
    if updated_min and updated_min < now - LONGEST_MEMORY:
        raise Refusal("updatedMinTooLongAgo")
    bound = sorted(pair for pair in query.pairs if pair[0] not in FREE)
    paged = sorted(pair for pair in query.pairs
                   if pair[0] not in ("pageToken", "maxResults", "fields", "alt", "prettyPrint", "quotaUser"))
    return Question(
        size=min(size, LARGEST_PAGE), single=single, deleted=query.get("showDeleted") == "true", low=low, high=high,
        updated_min=updated_min, types=types, order=order, words=query.get("q"), uid=query.get("iCalUID"),
        private=tuple(query.all("privateExtendedProperty")), shared=tuple(query.all("sharedExtendedProperty")),
        page=query.get("pageToken"), sync=sync, bound=bound, paged=paged)
