"""Implicit scheduling (RFC 6638): iCloud invites whom an object names as guests, and writes that into the object."""

from __future__ import annotations

import icalendar

from . import ics
from .icloud_accounts import IcloudAccount, IcloudAccounts
from .icloud_rules import addresses, attendees
from .icloud_store import IcloudStore

#: A change of these is told to guests as a change of the event.
TOLD = ("SUMMARY", "DESCRIPTION", "LOCATION", "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE")
ANSWER = {"accepted": "ACCEPTED", "declined": "DECLINED", "tentative": "TENTATIVE", "needs_action": "NEEDS-ACTION"}


def address(value) -> str:
    return str(value).casefold().removeprefix("mailto:")


def invited(calendar: icalendar.Calendar | None) -> dict[str, icalendar.Event]:
    """Guests whom the server invites, each with one event that names them."""
    return {address(one): event for event in (ics.events(calendar) if calendar else ()) for one in attendees(event)
            if one.params.get("SCHEDULE-AGENT", "SERVER").upper() == "SERVER"}


def words(calendar: icalendar.Calendar) -> list:
    """What guests are told of."""
    def text(value) -> str:
        return str([one.to_ical() for one in (value if isinstance(value, list) else [value])])
    return [[text(event[name]) for name in TOLD if name in event] for event in ics.events(calendar)]


def mails(before: icalendar.Calendar | None, after: icalendar.Calendar | None, own: str) -> dict[str, str]:
    """Who is written to, and why: invitation, update, cancellation. `after` is None for an object that is gone."""
    old, new = invited(before).keys() - {own}, invited(after).keys() - {own}
    changed = before is not None and after is not None and words(before) != words(after)
    found = {one: "cancellation" for one in old - new} | {one: "invitation" for one in new - old}
    return dict(sorted((found | ({one: "update" for one in old & new} if changed else {})).items()))


def is_organizer(calendar: icalendar.Calendar, account: IcloudAccount) -> bool:
    return any(str(event.get("ORGANIZER", "")).casefold() in addresses(account) for event in ics.events(calendar))


def marked(calendar: icalendar.Calendar) -> str:
    """The object as the server keeps it once it has invited its guests (RFC 6638, 7.3)."""
    for event in ics.events(calendar):
        for one in attendees(event):
            if address(one) != address(event.get("ORGANIZER", "")):
                one.params["SCHEDULE-STATUS"] = "1.1"
    return calendar.to_ical().decode()


def answered(text: str, email: str, answer: str) -> str:
    """With a guest's answer; LookupError where there is no such guest."""
    calendar, found = ics.parse(text), False
    for event in ics.events(calendar):
        for one in attendees(event):
            if address(one) == email.casefold():
                one.params["PARTSTAT"], found = ANSWER[answer], True
    if not found:
        raise LookupError(f"{email} is no guest")
    return calendar.to_ical().decode()


class Guests:
    """An event stands in its guests' own calendars too, where they have an account."""

    def __init__(self, accounts: IcloudAccounts, store: IcloudStore) -> None:
        self._accounts, self._store = accounts, store

    def spread(self, account: IcloudAccount, before: str | None, after: str | None) -> None:
        """After a write at the organiser's."""
        old, new = ics.parse_or_none(before), ics.parse_or_none(after)
        if not any(one is not None and is_organizer(one, account) for one in (old, new)):
            return
        uid = ics.uid_of(new or old)
        for email in (invited(old).keys() | invited(new).keys()) - {account.apple_id.casefold()}:
            guest = self._accounts.find(email)
            if guest is None:
                continue
            place = self._store.place_of(guest, uid)
            calendar = next((one for one in guest.calendars if one.id == place[0]), None) if place else (
                guest.calendars[0] if guest.calendars else None)
            name = place[1] if place else f"{uid}.ics"
            if calendar is not None and email in invited(new):
                self._store.put(guest, calendar, name, after)
            elif calendar is not None and place:
                self._store.remove(guest, calendar, self._store.get(guest, calendar, name))
