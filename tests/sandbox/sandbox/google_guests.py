"""Guests of Google's events: whose calendars show them too, and who gets mail."""

from __future__ import annotations

from .accounts import Account, Calendar
from .google_shelves import Event, GoogleShelves
from .shelf import Item

#: A change of these is told to guests as a change of the event.
TOLD = ("summary", "description", "location", "start", "end", "recurrence", "hangoutLink")


def addresses(members: dict) -> dict[str, dict]:
    """Guests by their addresses in lower case, without rooms."""
    return {one["email"].casefold(): one for one in members.get("attendees") or () if one.get("email")}


def mails(before: dict | None, after: dict | None, own: str, send: str, outside) -> dict[str, str]:
    """Who is written to, and why: invitation, update, cancellation. `send` is sendUpdates, `outside` says whether an
    address is no calendar of Google's. `before` is None for a new event, `after` for a deleted one."""
    if send not in ("all", "externalOnly"):
        return {}
    old, new = addresses(before or {}), addresses(after or {})
    changed = before and after and any(before.get(name) != after.get(name) for name in TOLD)
    found = {}
    for email in (old | new).keys() - {own.casefold()}:
        if email not in new:
            found[email] = "cancellation"
        elif email not in old or is_asked_again(old[email], new[email]):
            found[email] = "invitation"
        elif changed:
            found[email] = "update"
    return {email: kind for email, kind in sorted(found.items()) if send == "all" or outside(email)}


def is_asked_again(before: dict, after: dict) -> bool:
    """An answer that a write has dropped."""
    return (before.get("responseStatus", "needsAction") != "needsAction"
            and after.get("responseStatus", "needsAction") == "needsAction")


def copied(members: dict, known: dict) -> dict:
    """As a guest's copy has it: private properties are those of one copy (Calendar API, "Extended properties")."""
    shared = (members.get("extendedProperties") or {}).get("shared")
    own = (known.get("extendedProperties") or {}).get("private")
    properties = {name: value for name, value in (("shared", shared), ("private", own)) if value}
    rest = {name: value for name, value in members.items() if name != "extendedProperties"}
    return {**rest, **({"extendedProperties": properties} if properties else {})}


class Guests:
    """An event stands in its guests' own calendars under the same id, as long as they are guests."""

    def __init__(self, shelves: GoogleShelves) -> None:
        self._shelves = shelves

    def is_outside(self, email: str) -> bool:
        return self._shelves.accounts.find(email) is None

    def home(self, email: str) -> Calendar | None:
        """The guest's own calendar, where they have one."""
        account = self._shelves.accounts.find(email)
        return next((one for one in account.calendars if one.primary), None) if account else None

    def spread(self, calendar: Calendar, item: Item, before: dict | None) -> None:
        """After a write at the organiser's: guests' calendars show it, former guests' no longer."""
        event: Event = item.body
        if event.members.get("organizer", {}).get("email", "").casefold() != calendar.id.casefold():
            return
        gone = item.gone or event.is_cancelled
        now, then = {} if gone else addresses(event.members), addresses(before or {})
        for email in (now.keys() | then.keys()) - {calendar.id.casefold()}:
            home = self.home(email)
            if home is None or home.id.casefold() == calendar.id.casefold():
                continue
            known = self._shelves.of(home.id).get(item.id)
            stays = email in now or (known is not None and not known.gone and event.is_cancelled)
            if stays:
                self._shelves.put(home, item.id, copied(event.members, known.body.members if known else {}))
            elif known is not None and not known.gone:
                self._shelves.remove(home, known)

    def answer(self, account: Account, calendar: Calendar, item: Item, email: str, status: str) -> None:
        """A guest's answer, in every calendar that shows the event."""
        organizer = item.body.members.get("organizer", {}).get("email", calendar.id)
        homes = [one for address in {organizer.casefold(), *addresses(item.body.members)}
                 if (one := self._calendar_of(account, address)) is not None]
        for home in {one.id: one for one in [calendar, *homes]}.values():
            known = self._shelves.of(home.id).get(item.id)
            if known is None or known.gone:
                continue
            attendees = [{**one, "responseStatus": status} if one.get("email", "").casefold() == email.casefold()
                         else one for one in known.body.members.get("attendees", ())]
            known.body.members = {**known.body.members, "attendees": attendees}
            self._shelves.touch(home, known)

    def _calendar_of(self, account: Account, calendar_id: str) -> Calendar | None:
        return self._shelves.find(account, calendar_id) or self.home(calendar_id)
